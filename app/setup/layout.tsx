export { AppFrame as default } from "@/app/app-frame";
