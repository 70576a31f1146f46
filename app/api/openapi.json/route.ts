export { GET } from "./document";
