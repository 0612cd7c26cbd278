/** The list that asks: a kind without a room, or a way of writing without its meaning, does not compile. */
import type { DeclarationKind } from "../../grammar/declarations.ts";
import type { Kind } from "../model/objects.ts";
import { comments } from "./comments.ts";
import { domainChecks } from "./domainChecks.ts";
import { declareDomain, domains } from "./domains.ts";
import { declareEnum, enums } from "./enums.ts";
import { declareExtension, extensions } from "./extensions.ts";
import type { DeclareFile, DeclareMember, ObjectMember, Room } from "./room.ts";
import { declareSchema, schemas } from "./schemas.ts";
import { sequenceOwners } from "./sequenceOwners.ts";
import { declareSequence, sequences } from "./sequences.ts";

export const rooms = {
  schema: schemas,
  extension: extensions,
  enum: enums,
  domain: domains,
  domainCheck: domainChecks,
  sequence: sequences,
  sequenceOwner: sequenceOwners,
  comment: comments,
} as { readonly [K in Kind]: Room<K> };
/** The single place where the compiler is told that a kind and its room belong together. */
export const roomOf = <K extends Kind>(kind: K): Room<K> => rooms[kind];

export const declareFile = {
  schema: declareSchema,
  extension: declareExtension,
  enum: declareEnum,
  domain: declareDomain,
  sequence: declareSequence,
} as { readonly [K in Exclude<DeclarationKind, "mixin">]: DeclareFile<K> };
export const declareMember = {} as { readonly [K in ObjectMember["kind"]]: DeclareMember<K> };
