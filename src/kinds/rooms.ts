/** The list that asks: a kind without a room, or a way of writing without its meaning, does not compile. */
import type { DeclarationKind } from "../../grammar/declarations.ts";
import type { Kind } from "../model/objects.ts";
import type { DeclareFile, DeclareMember, ObjectMember, Room } from "./room.ts";

export const rooms = {} as { readonly [K in Kind]: Room<K> };
/** The single place where the compiler is told that a kind and its room belong together. */
export const roomOf = <K extends Kind>(kind: K): Room<K> => rooms[kind];

export const declareFile = {} as { readonly [K in Exclude<DeclarationKind, "mixin">]: DeclareFile<K> };
export const declareMember = {} as { readonly [K in ObjectMember["kind"]]: DeclareMember<K> };
