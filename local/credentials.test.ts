import { expect, test } from "vitest";

import { LOCAL_KEYS } from "@/lib/env";

import { LOCAL_CREDENTIALS } from "./credentials";

test("the app in local mode holds the keys the stand-ins accept", () => {
  const { databaseUser, databasePassword, ...keys } = LOCAL_CREDENTIALS;
  expect(LOCAL_KEYS).toMatchObject({ ...keys, database: `${databaseUser}:${databasePassword}` });
});
