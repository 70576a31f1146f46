"""Reading and controlling runs from a program."""

from .async_client import AsyncClient
from .async_job_handle import AsyncJobHandle
from .client import Client
from .job_handle import JobHandle

__all__ = ["AsyncClient", "AsyncJobHandle", "Client", "JobHandle"]
