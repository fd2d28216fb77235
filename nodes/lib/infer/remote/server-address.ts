import { describe, EdgeMlError } from "../../errors/index.js";

/** Where a model server is. */
export interface ServerAddress {
  secure: boolean;
  host: string;
  port: number;
  /** What stands before "/v2" in its paths: "" or, behind a gateway, for example "/serving/plant". */
  path: string;
  /** As errors and results name it. */
  text: string;
}

/**
 * The address of a model server, as a person writes it: with or without the protocol's own "/v2" at its end.
 * @param field the setting's name, for the error
 * @throws EdgeMlError EDGE_ML_SETTING
 */
export function serverAddress(url: string, field = "serverUrl"): ServerAddress {
  const wrong = (expected: string, got = describe(url)) => new EdgeMlError("EDGE_ML_SETTING", { field, got, expected });
  const address = URL.canParse(url) ? new URL(url) : undefined;
  if (!address || (address.protocol !== "http:" && address.protocol !== "https:") || address.hostname === "") {
    throw wrong("an address such as http://server:8000");
  }
  // Not repeated in the error: it would stand in the log.
  if (address.username !== "" || address.password !== "")
    throw wrong("without a password", "an address with one in it");
  if (address.search !== "" || address.hash !== "") throw wrong("without what follows ? or #");
  const secure = address.protocol === "https:";
  const path = address.pathname.replace(/\/+$/, "").replace(/\/v2$/, "");
  return {
    secure,
    host: address.hostname.replace(/^\[|\]$/g, ""),
    port: address.port === "" ? (secure ? 443 : 80) : Number(address.port),
    path,
    text: address.origin + path,
  };
}
