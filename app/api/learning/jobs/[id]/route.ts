export { GET } from "../../../training/[id]/route";
