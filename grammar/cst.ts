// Generated from the grammar by `npx vitest run test/grammar/cst.test.ts -u`; do not edit.
import type { CstNode, IToken } from "chevrotain";

export interface QualifiedCstNode extends CstNode {
  name: "qualified";
  children: QualifiedCstChildren;
}

export type QualifiedCstChildren = {
  part: IToken[];
  Dot?: IToken[];
};

export interface FragmentCstNode extends CstNode {
  name: "fragment";
  children: FragmentCstChildren;
}

export type FragmentCstChildren = {
  open: IToken[];
  close: IToken[];
};

export interface SubscriptCstNode extends CstNode {
  name: "subscript";
  children: SubscriptCstChildren;
}

export type SubscriptCstChildren = {
  open: IToken[];
  close: IToken[];
};

export interface BareCstNode extends CstNode {
  name: "bare";
  children: BareCstChildren;
}

export type BareCstChildren = {
  Minus?: IToken[];
  Plus?: IToken[];
  Number?: IToken[];
  BitString?: IToken[];
  Text?: IToken[];
  k_array?: IToken[];
  subscript?: SubscriptCstNode[];
  Name?: IToken[];
  Dot?: IToken[];
  k_varying?: IToken[];
  k_precision?: IToken[];
  arguments?: FragmentCstNode[];
  k_with?: IToken[];
  k_without?: IToken[];
  k_time?: IToken[];
  k_zone?: IToken[];
  Cast?: IToken[];
  type?: TypeCstNode[];
};

export interface CallAloneCstNode extends CstNode {
  name: "callAlone";
  children: CallAloneCstChildren;
}

export type CallAloneCstChildren = {
  Name: IToken[];
  Dot?: IToken[];
  fragment: FragmentCstNode[];
};

export interface StatementsCstNode extends CstNode {
  name: "statements";
  children: StatementsCstChildren;
}

export type StatementsCstChildren = {
  dollar?: IToken[];
  fragment?: FragmentCstNode[];
};

export interface IntervalUnitCstNode extends CstNode {
  name: "intervalUnit";
  children: IntervalUnitCstChildren;
}

export type IntervalUnitCstChildren = {
  field?: IToken[];
};

export interface TypeCstNode extends CstNode {
  name: "type";
  children: TypeCstChildren;
}

export type TypeCstChildren = {
  word?: IToken[];
  part?: IToken[];
  Dot?: IToken[];
  typeModifiers?: TypeModifiersCstNode[];
  zone?: IToken[];
  k_time?: IToken[];
  k_zone?: IToken[];
  from?: IntervalUnitCstNode[];
  k_to?: IToken[];
  to?: IntervalUnitCstNode[];
  dimension?: DimensionCstNode[];
};

export interface TypeModifiersCstNode extends CstNode {
  name: "typeModifiers";
  children: TypeModifiersCstChildren;
}

export type TypeModifiersCstChildren = {
  LParen: IToken[];
  typeModifier: TypeModifierCstNode[];
  Comma?: IToken[];
  RParen: IToken[];
};

export interface TypeModifierCstNode extends CstNode {
  name: "typeModifier";
  children: TypeModifierCstChildren;
}

export type TypeModifierCstChildren = {
  atom: IToken[];
};

export interface DimensionCstNode extends CstNode {
  name: "dimension";
  children: DimensionCstChildren;
}

export type DimensionCstChildren = {
  LBracket?: IToken[];
  size?: IToken[];
  RBracket?: IToken[];
  k_array?: IToken[];
};

export interface SymbolCstNode extends CstNode {
  name: "symbol";
  children: SymbolCstChildren;
}

export type SymbolCstChildren = {
  LParen?: IToken[];
  schema?: IToken[];
  Dot?: IToken[];
  part?: IToken[];
  RParen?: IToken[];
};

export interface OperandCstNode extends CstNode {
  name: "operand";
  children: OperandCstChildren;
}

export type OperandCstChildren = {
  none?: IToken[];
  type?: TypeCstNode[];
};

export interface OperandsCstNode extends CstNode {
  name: "operands";
  children: OperandsCstChildren;
}

export type OperandsCstChildren = {
  LParen: IToken[];
  operand: OperandCstNode[];
  Comma: IToken[];
  RParen: IToken[];
};

export interface TypeListCstNode extends CstNode {
  name: "typeList";
  children: TypeListCstChildren;
}

export type TypeListCstChildren = {
  LParen: IToken[];
  type: TypeCstNode[];
  Comma?: IToken[];
  RParen: IToken[];
};

export interface FunctionNameCstNode extends CstNode {
  name: "functionName";
  children: FunctionNameCstChildren;
}

export type FunctionNameCstChildren = {
  qualified: QualifiedCstNode[];
  typeList?: TypeListCstNode[];
};

export interface OptionsCstNode extends CstNode {
  name: "options";
  children: OptionsCstChildren;
}

export type OptionsCstChildren = {
  LParen: IToken[];
  setting: SettingCstNode[];
  Comma?: IToken[];
  RParen: IToken[];
};

export interface SettingCstNode extends CstNode {
  name: "setting";
  children: SettingCstChildren;
}

export type SettingCstChildren = {
  name: IToken[];
  Dot?: IToken[];
  Equals?: IToken[];
  sign?: IToken[];
  value?: IToken[];
  text?: IToken[];
};

export interface ForeignOptionsCstNode extends CstNode {
  name: "foreignOptions";
  children: ForeignOptionsCstChildren;
}

export type ForeignOptionsCstChildren = {
  k_options: IToken[];
  LParen: IToken[];
  foreignOption: ForeignOptionCstNode[];
  Comma?: IToken[];
  RParen: IToken[];
};

export interface ForeignOptionCstNode extends CstNode {
  name: "foreignOption";
  children: ForeignOptionCstChildren;
}

export type ForeignOptionCstChildren = {
  name: IToken[];
  text: IToken[];
};

export interface OnServerCstNode extends CstNode {
  name: "onServer";
  children: OnServerCstChildren;
}

export type OnServerCstChildren = {
  k_server: IToken[];
  name: IToken[];
};

export interface ColumnsCstNode extends CstNode {
  name: "columns";
  children: ColumnsCstChildren;
}

export type ColumnsCstChildren = {
  LParen: IToken[];
  listed: ListedCstNode[];
  Comma?: IToken[];
  RParen: IToken[];
};

export interface ListedCstNode extends CstNode {
  name: "listed";
  children: ListedCstChildren;
}

export type ListedCstChildren = {
  k_period?: IToken[];
  name: IToken[];
  k_without?: IToken[];
  k_overlaps?: IToken[];
};

export interface IncludeCstNode extends CstNode {
  name: "include";
  children: IncludeCstChildren;
}

export type IncludeCstChildren = {
  k_include: IToken[];
  columns: ColumnsCstNode[];
};

export interface NullsNotDistinctCstNode extends CstNode {
  name: "nullsNotDistinct";
  children: NullsNotDistinctCstChildren;
}

export type NullsNotDistinctCstChildren = {
  k_nulls: IToken[];
  not?: IToken[];
  k_distinct: IToken[];
};

export interface WithOptionsCstNode extends CstNode {
  name: "withOptions";
  children: WithOptionsCstChildren;
}

export type WithOptionsCstChildren = {
  k_with: IToken[];
  options: OptionsCstNode[];
};

export interface InTablespaceCstNode extends CstNode {
  name: "inTablespace";
  children: InTablespaceCstChildren;
}

export type InTablespaceCstChildren = {
  k_tablespace: IToken[];
  name: IToken[];
};

export interface WhereCstNode extends CstNode {
  name: "where";
  children: WhereCstChildren;
}

export type WhereCstChildren = {
  k_where: IToken[];
  fragment: FragmentCstNode[];
};

export interface CommentClauseCstNode extends CstNode {
  name: "commentClause";
  children: CommentClauseCstChildren;
}

export type CommentClauseCstChildren = {
  k_comment: IToken[];
  text: IToken[];
};

export interface DependsClauseCstNode extends CstNode {
  name: "dependsClause";
  children: DependsClauseCstChildren;
}

export type DependsClauseCstChildren = {
  k_depends: IToken[];
  k_on: IToken[];
  k_extension: IToken[];
  extension: IToken[];
};

export interface InitiallyCstNode extends CstNode {
  name: "initially";
  children: InitiallyCstChildren;
}

export type InitiallyCstChildren = {
  k_initially: IToken[];
  deferred?: IToken[];
  immediate?: IToken[];
};

export interface DeferralCstNode extends CstNode {
  name: "deferral";
  children: DeferralCstChildren;
}

export type DeferralCstChildren = {
  not?: IToken[];
  k_deferrable?: IToken[];
  deferrable?: IToken[];
  initially?: InitiallyCstNode[];
};

export interface NotValidCstNode extends CstNode {
  name: "notValid";
  children: NotValidCstChildren;
}

export type NotValidCstChildren = {
  k_not: IToken[];
  k_valid: IToken[];
};

export interface NotEnforcedCstNode extends CstNode {
  name: "notEnforced";
  children: NotEnforcedCstChildren;
}

export type NotEnforcedCstChildren = {
  k_not: IToken[];
  k_enforced: IToken[];
};

export interface NoInheritCstNode extends CstNode {
  name: "noInherit";
  children: NoInheritCstChildren;
}

export type NoInheritCstChildren = {
  k_no: IToken[];
  k_inherit: IToken[];
};

export interface WasCstNode extends CstNode {
  name: "was";
  children: WasCstChildren;
}

export type WasCstChildren = {
  k_was: IToken[];
  old: IToken[];
};

export interface InSchemaCstNode extends CstNode {
  name: "inSchema";
  children: InSchemaCstChildren;
}

export type InSchemaCstChildren = {
  k_in: IToken[];
  schema: IToken[];
};

export interface WholeCstNode extends CstNode {
  name: "whole";
  children: WholeCstChildren;
}

export type WholeCstChildren = {
  sign?: IToken[];
  number: IToken[];
};

export interface SequenceOptionCstNode extends CstNode {
  name: "sequenceOption";
  children: SequenceOptionCstChildren;
}

export type SequenceOptionCstChildren = {
  start?: IToken[];
  k_with?: IToken[];
  whole?: WholeCstNode[];
  increment?: IToken[];
  k_by?: IToken[];
  min?: IToken[];
  max?: IToken[];
  cache?: IToken[];
  cycle?: IToken[];
  k_no?: IToken[];
  noMin?: IToken[];
  noMax?: IToken[];
  noCycle?: IToken[];
};

export interface SettingClauseCstNode extends CstNode {
  name: "settingClause";
  children: SettingClauseCstChildren;
}

export type SettingClauseCstChildren = {
  k_set: IToken[];
  name: IToken[];
  Dot?: IToken[];
  Equals: IToken[];
  text?: IToken[];
  sign?: IToken[];
  value?: IToken[];
  k_in?: IToken[];
  database?: IToken[];
};

export interface SignatureCstNode extends CstNode {
  name: "signature";
  children: SignatureCstChildren;
}

export type SignatureCstChildren = {
  LParen: IToken[];
  argumentTypes?: ArgumentTypesCstNode[];
  RParen: IToken[];
};

export interface ArgumentTypesCstNode extends CstNode {
  name: "argumentTypes";
  children: ArgumentTypesCstChildren;
}

export type ArgumentTypesCstChildren = {
  type: TypeCstNode[];
  Comma?: IToken[];
};

export interface TargetCstNode extends CstNode {
  name: "target";
  children: TargetCstChildren;
}

export type TargetCstChildren = {
  word?: IToken[];
  qualified?: QualifiedCstNode[];
  signature?: SignatureCstNode[];
  k_using?: IToken[];
  method?: IToken[];
  symbol?: SymbolCstNode[];
  operands?: OperandsCstNode[];
};

export interface TargetsCstNode extends CstNode {
  name: "targets";
  children: TargetsCstChildren;
}

export type TargetsCstChildren = {
  target: TargetCstNode[];
  Comma?: IToken[];
};

export interface PrivilegeCstNode extends CstNode {
  name: "privilege";
  children: PrivilegeCstChildren;
}

export type PrivilegeCstChildren = {
  name: IToken[];
  columns?: ColumnsCstNode[];
};

export interface PrivilegesCstNode extends CstNode {
  name: "privileges";
  children: PrivilegesCstChildren;
}

export type PrivilegesCstChildren = {
  privilege: PrivilegeCstNode[];
  Comma?: IToken[];
};

export interface GranteesCstNode extends CstNode {
  name: "grantees";
  children: GranteesCstChildren;
}

export type GranteesCstChildren = {
  role: IToken[];
  Comma?: IToken[];
};

export interface GrantOptionCstNode extends CstNode {
  name: "grantOption";
  children: GrantOptionCstChildren;
}

export type GrantOptionCstChildren = {
  k_with: IToken[];
  k_grant: IToken[];
  k_option: IToken[];
};

export interface GrantedByCstNode extends CstNode {
  name: "grantedBy";
  children: GrantedByCstChildren;
}

export type GrantedByCstChildren = {
  k_granted: IToken[];
  k_by: IToken[];
  role: IToken[];
};

export interface KeyCstNode extends CstNode {
  name: "key";
  children: KeyCstChildren;
}

export type KeyCstChildren = {
  expression?: FragmentCstNode[];
  name?: IToken[];
  Dot?: IToken[];
  arguments?: FragmentCstNode[];
  keyCollation?: KeyCollationCstNode[];
  k_asc?: IToken[];
  k_desc?: IToken[];
  keyNulls?: KeyNullsCstNode[];
  keyStatistics?: KeyStatisticsCstNode[];
  keyClass?: KeyClassCstNode[];
};

export interface KeyCollationCstNode extends CstNode {
  name: "keyCollation";
  children: KeyCollationCstChildren;
}

export type KeyCollationCstChildren = {
  k_collate: IToken[];
  qualified: QualifiedCstNode[];
};

export interface KeyNullsCstNode extends CstNode {
  name: "keyNulls";
  children: KeyNullsCstChildren;
}

export type KeyNullsCstChildren = {
  k_nulls: IToken[];
  k_first?: IToken[];
  k_last?: IToken[];
};

export interface KeyStatisticsCstNode extends CstNode {
  name: "keyStatistics";
  children: KeyStatisticsCstChildren;
}

export type KeyStatisticsCstChildren = {
  k_statistics: IToken[];
  target: IToken[];
};

export interface KeyClassCstNode extends CstNode {
  name: "keyClass";
  children: KeyClassCstChildren;
}

export type KeyClassCstChildren = {
  part: IToken[];
  Dot?: IToken[];
  options?: OptionsCstNode[];
};

export interface PartitionKeyCstNode extends CstNode {
  name: "partitionKey";
  children: PartitionKeyCstChildren;
}

export type PartitionKeyCstChildren = {
  k_partition: IToken[];
  k_by: IToken[];
  k_range?: IToken[];
  k_list?: IToken[];
  k_hash?: IToken[];
  indexKeys: IndexKeysCstNode[];
};

export interface BoundCstNode extends CstNode {
  name: "bound";
  children: BoundCstChildren;
}

export type BoundCstChildren = {
  k_for?: IToken[];
  from?: FragmentCstNode[];
  k_to?: IToken[];
  to?: FragmentCstNode[];
  k_modulus?: IToken[];
  modulus?: IToken[];
  k_remainder?: IToken[];
  remainder?: IToken[];
  default?: IToken[];
};

export interface PartOfCstNode extends CstNode {
  name: "partOf";
  children: PartOfCstChildren;
}

export type PartOfCstChildren = {
  k_of: IToken[];
  above: IToken[];
};

export interface KeyClauseCstNode extends CstNode {
  name: "keyClause";
  children: KeyClauseCstChildren;
}

export type KeyClauseCstChildren = {
  include?: IncludeCstNode[];
  deferral?: DeferralCstNode[];
  inTablespace?: InTablespaceCstNode[];
  withOptions?: WithOptionsCstNode[];
  partOf?: PartOfCstNode[];
  k_only?: IToken[];
};

export interface KeyClauseInlineCstNode extends CstNode {
  name: "keyClauseInline";
  children: KeyClauseInlineCstChildren;
}

export type KeyClauseInlineCstChildren = {
  include?: IncludeCstNode[];
  deferral?: DeferralCstNode[];
  inTablespace?: InTablespaceCstNode[];
};

export interface FiringCstNode extends CstNode {
  name: "firing";
  children: FiringCstChildren;
}

export type FiringCstChildren = {
  k_disabled?: IToken[];
  k_enabled?: IToken[];
  k_replica?: IToken[];
  k_always?: IToken[];
};

export interface ArgumentCstNode extends CstNode {
  name: "argument";
  children: ArgumentCstChildren;
}

export type ArgumentCstChildren = {
  mode?: IToken[];
  name?: IToken[];
  type: TypeCstNode[];
  defaultClause?: DefaultClauseCstNode[];
};

export interface ArgumentListCstNode extends CstNode {
  name: "argumentList";
  children: ArgumentListCstChildren;
}

export type ArgumentListCstChildren = {
  LParen: IToken[];
  argument?: ArgumentCstNode[];
  Comma?: IToken[];
  RParen: IToken[];
};

export interface LanguageClauseCstNode extends CstNode {
  name: "languageClause";
  children: LanguageClauseCstChildren;
}

export type LanguageClauseCstChildren = {
  k_language: IToken[];
  name: IToken[];
};

export interface SecurityClauseCstNode extends CstNode {
  name: "securityClause";
  children: SecurityClauseCstChildren;
}

export type SecurityClauseCstChildren = {
  k_security: IToken[];
  whose?: IToken[];
};

export interface TransformedCstNode extends CstNode {
  name: "transformed";
  children: TransformedCstChildren;
}

export type TransformedCstChildren = {
  k_for: IToken[];
  k_type: IToken[];
  type: TypeCstNode[];
};

export interface TransformClauseCstNode extends CstNode {
  name: "transformClause";
  children: TransformClauseCstChildren;
}

export type TransformClauseCstChildren = {
  k_transform: IToken[];
  transformed: TransformedCstNode[];
  Comma?: IToken[];
};

export interface ConfiguredCstNode extends CstNode {
  name: "configured";
  children: ConfiguredCstChildren;
}

export type ConfiguredCstChildren = {
  sign?: IToken[];
  value?: IToken[];
  text?: IToken[];
};

export interface ConfigurationCstNode extends CstNode {
  name: "configuration";
  children: ConfigurationCstChildren;
}

export type ConfigurationCstChildren = {
  k_set: IToken[];
  name: IToken[];
  Dot?: IToken[];
  Equals?: IToken[];
  k_to?: IToken[];
  configured: ConfiguredCstNode[];
  Comma?: IToken[];
};

export interface RoutineBodyCstNode extends CstNode {
  name: "routineBody";
  children: RoutineBodyCstChildren;
}

export type RoutineBodyCstChildren = {
  k_as?: IToken[];
  text?: IToken[];
  Comma?: IToken[];
  k_return?: IToken[];
  fragment?: FragmentCstNode[];
  k_begin?: IToken[];
  k_atomic?: IToken[];
  statements?: StatementsCstNode[];
};

export interface SchemaCstNode extends CstNode {
  name: "schema";
  children: SchemaCstChildren;
}

export type SchemaCstChildren = {
  k_schema: IToken[];
  name: IToken[];
  commentClause?: CommentClauseCstNode[];
  LBrace?: IToken[];
};

export interface ExtensionCstNode extends CstNode {
  name: "extension";
  children: ExtensionCstChildren;
}

export type ExtensionCstChildren = {
  k_extension: IToken[];
  name: IToken[];
  k_version?: IToken[];
  version?: IToken[];
  k_in?: IToken[];
  into?: IToken[];
  commentClause?: CommentClauseCstNode[];
};

export interface EnumCstNode extends CstNode {
  name: "enum";
  children: EnumCstChildren;
}

export type EnumCstChildren = {
  k_enum: IToken[];
  name: QualifiedCstNode[];
  was?: WasCstNode[];
  inSchema?: InSchemaCstNode[];
  commentClause?: CommentClauseCstNode[];
  LBrace: IToken[];
};

export interface LabelTextCstNode extends CstNode {
  name: "labelText";
  children: LabelTextCstChildren;
}

export type LabelTextCstChildren = {
  text?: IToken[];
};

export interface LabelCstNode extends CstNode {
  name: "label";
  children: LabelCstChildren;
}

export type LabelCstChildren = {
  text: LabelTextCstNode[];
  k_was?: IToken[];
  was?: LabelTextCstNode[];
  Arrow?: IToken[];
  replacement?: LabelTextCstNode[];
};

export interface LabelsCstNode extends CstNode {
  name: "labels";
  children: LabelsCstChildren;
}

export type LabelsCstChildren = {
  label: LabelCstNode[];
};

export interface DefaultClauseCstNode extends CstNode {
  name: "defaultClause";
  children: DefaultClauseCstChildren;
}

export type DefaultClauseCstChildren = {
  Equals: IToken[];
  fragment?: FragmentCstNode[];
  bare?: BareCstNode[];
};

export interface CollationCstNode extends CstNode {
  name: "collation";
  children: CollationCstChildren;
}

export type CollationCstChildren = {
  k_collate: IToken[];
  qualified: QualifiedCstNode[];
};

export interface DomainConstraintCstNode extends CstNode {
  name: "domainConstraint";
  children: DomainConstraintCstChildren;
}

export type DomainConstraintCstChildren = {
  first?: IToken[];
  name?: IToken[];
  notNull?: IToken[];
  k_null?: IToken[];
  check?: IToken[];
  fragment?: FragmentCstNode[];
  notValid?: NotValidCstNode[];
  commentClause?: CommentClauseCstNode[];
};

export interface DomainCstNode extends CstNode {
  name: "domain";
  children: DomainCstChildren;
}

export type DomainCstChildren = {
  k_domain: IToken[];
  name: QualifiedCstNode[];
  was?: WasCstNode[];
  inSchema?: InSchemaCstNode[];
  type: TypeCstNode[];
  collation?: CollationCstNode[];
  defaultClause?: DefaultClauseCstNode[];
  domainConstraint?: DomainConstraintCstNode[];
  commentClause?: CommentClauseCstNode[];
};

export interface AttributeCstNode extends CstNode {
  name: "attribute";
  children: AttributeCstChildren;
}

export type AttributeCstChildren = {
  name: IToken[];
  type: TypeCstNode[];
  collation?: CollationCstNode[];
  commentClause?: CommentClauseCstNode[];
};

export interface RangePropertyCstNode extends CstNode {
  name: "rangeProperty";
  children: RangePropertyCstChildren;
}

export type RangePropertyCstChildren = {
  k_operator?: IToken[];
  k_class?: IToken[];
  k_collation?: IToken[];
  k_canonical?: IToken[];
  k_subtype_diff?: IToken[];
  k_multirange?: IToken[];
  qualified?: QualifiedCstNode[];
};

export interface BasePropertyCstNode extends CstNode {
  name: "baseProperty";
  children: BasePropertyCstChildren;
}

export type BasePropertyCstChildren = {
  k_input?: IToken[];
  k_output?: IToken[];
  k_receive?: IToken[];
  k_send?: IToken[];
  k_typmod_in?: IToken[];
  k_typmod_out?: IToken[];
  k_analyze?: IToken[];
  k_subscript?: IToken[];
  qualified?: QualifiedCstNode[];
  k_element?: IToken[];
  type?: TypeCstNode[];
  k_category?: IToken[];
  k_default?: IToken[];
  k_delimiter?: IToken[];
  Text?: IToken[];
  k_alignment?: IToken[];
  k_storage?: IToken[];
  Name?: IToken[];
  k_internallength?: IToken[];
  Number?: IToken[];
  k_passedbyvalue?: IToken[];
  k_preferred?: IToken[];
  k_collatable?: IToken[];
};

export interface RangeOfCstNode extends CstNode {
  name: "rangeOf";
  children: RangeOfCstChildren;
}

export type RangeOfCstChildren = {
  k_range: IToken[];
  k_of: IToken[];
  type: TypeCstNode[];
};

export interface TypeDefinitionCstNode extends CstNode {
  name: "typeDefinition";
  children: TypeDefinitionCstChildren;
}

export type TypeDefinitionCstChildren = {
  k_type: IToken[];
  name: QualifiedCstNode[];
  was?: WasCstNode[];
  inSchema?: InSchemaCstNode[];
  rangeOf?: RangeOfCstNode[];
  k_base?: IToken[];
  k_shell?: IToken[];
  commentClause?: CommentClauseCstNode[];
  LBrace?: IToken[];
};

export interface CollationPropertyCstNode extends CstNode {
  name: "collationProperty";
  children: CollationPropertyCstChildren;
}

export type CollationPropertyCstChildren = {
  k_locale?: IToken[];
  k_lc_collate?: IToken[];
  k_lc_ctype?: IToken[];
  k_rules?: IToken[];
  Text?: IToken[];
  k_provider?: IToken[];
  Name?: IToken[];
  k_not?: IToken[];
  k_deterministic?: IToken[];
};

export interface CollationDefinitionCstNode extends CstNode {
  name: "collationDefinition";
  children: CollationDefinitionCstChildren;
}

export type CollationDefinitionCstChildren = {
  k_collation: IToken[];
  name: QualifiedCstNode[];
  was?: WasCstNode[];
  inSchema?: InSchemaCstNode[];
  commentClause?: CommentClauseCstNode[];
  LBrace: IToken[];
};

export interface ParserPropertyCstNode extends CstNode {
  name: "parserProperty";
  children: ParserPropertyCstChildren;
}

export type ParserPropertyCstChildren = {
  k_start?: IToken[];
  k_gettoken?: IToken[];
  k_end?: IToken[];
  k_headline?: IToken[];
  k_lextypes?: IToken[];
  qualified?: QualifiedCstNode[];
};

export interface TemplatePropertyCstNode extends CstNode {
  name: "templateProperty";
  children: TemplatePropertyCstChildren;
}

export type TemplatePropertyCstChildren = {
  k_init?: IToken[];
  k_lexize?: IToken[];
  qualified?: QualifiedCstNode[];
};

export interface MappedTokensCstNode extends CstNode {
  name: "mappedTokens";
  children: MappedTokensCstChildren;
}

export type MappedTokensCstChildren = {
  token: IToken[];
  Comma?: IToken[];
};

export interface DictionariesCstNode extends CstNode {
  name: "dictionaries";
  children: DictionariesCstChildren;
}

export type DictionariesCstChildren = {
  qualified: QualifiedCstNode[];
  Comma?: IToken[];
};

export interface MappingCstNode extends CstNode {
  name: "mapping";
  children: MappingCstChildren;
}

export type MappingCstChildren = {
  k_mapping: IToken[];
  k_for: IToken[];
  mappedTokens: MappedTokensCstNode[];
  k_with: IToken[];
  dictionaries: DictionariesCstNode[];
};

export interface SearchHeadCstNode extends CstNode {
  name: "searchHead";
  children: SearchHeadCstChildren;
}

export type SearchHeadCstChildren = {
  name: QualifiedCstNode[];
  was?: WasCstNode[];
  inSchema?: InSchemaCstNode[];
};

export interface UsesParserCstNode extends CstNode {
  name: "usesParser";
  children: UsesParserCstChildren;
}

export type UsesParserCstChildren = {
  k_parser: IToken[];
  qualified: QualifiedCstNode[];
};

export interface UsesTemplateCstNode extends CstNode {
  name: "usesTemplate";
  children: UsesTemplateCstChildren;
}

export type UsesTemplateCstChildren = {
  k_template: IToken[];
  qualified: QualifiedCstNode[];
};

export interface TextSearchCstNode extends CstNode {
  name: "textSearch";
  children: TextSearchCstChildren;
}

export type TextSearchCstChildren = {
  k_text: IToken[];
  k_search: IToken[];
  k_configuration?: IToken[];
  head?: SearchHeadCstNode[];
  usesParser?: UsesParserCstNode[];
  commentClause?: CommentClauseCstNode[];
  LBrace?: IToken[];
  k_dictionary?: IToken[];
  usesTemplate?: UsesTemplateCstNode[];
  withOptions?: WithOptionsCstNode[];
  k_parser?: IToken[];
  k_template?: IToken[];
};

export interface CastCstNode extends CstNode {
  name: "cast";
  children: CastCstChildren;
}

export type CastCstChildren = {
  k_cast: IToken[];
  LParen: IToken[];
  source: TypeCstNode[];
  k_as: IToken[];
  target: TypeCstNode[];
  RParen: IToken[];
  k_with?: IToken[];
  k_function?: IToken[];
  functionName?: FunctionNameCstNode[];
  k_inout?: IToken[];
  k_without?: IToken[];
  k_assignment?: IToken[];
  k_implicit?: IToken[];
  commentClause?: CommentClauseCstNode[];
};

export interface OperatorPropertyCstNode extends CstNode {
  name: "operatorProperty";
  children: OperatorPropertyCstChildren;
}

export type OperatorPropertyCstChildren = {
  k_function?: IToken[];
  k_restrict?: IToken[];
  k_join?: IToken[];
  qualified?: QualifiedCstNode[];
  k_commutator?: IToken[];
  k_negator?: IToken[];
  symbol?: SymbolCstNode[];
  k_hashes?: IToken[];
  k_merges?: IToken[];
};

export interface ClassHeadCstNode extends CstNode {
  name: "classHead";
  children: ClassHeadCstChildren;
}

export type ClassHeadCstChildren = {
  k_class: IToken[];
  name: QualifiedCstNode[];
  was?: WasCstNode[];
  inSchema?: InSchemaCstNode[];
  k_for: IToken[];
  type: TypeCstNode[];
  k_using: IToken[];
  method: IToken[];
  k_default?: IToken[];
  k_family?: IToken[];
  family?: QualifiedCstNode[];
};

export interface FamilyHeadCstNode extends CstNode {
  name: "familyHead";
  children: FamilyHeadCstChildren;
}

export type FamilyHeadCstChildren = {
  k_family: IToken[];
  name: QualifiedCstNode[];
  was?: WasCstNode[];
  inSchema?: InSchemaCstNode[];
  k_using: IToken[];
  method: IToken[];
};

export interface OperatorHeadCstNode extends CstNode {
  name: "operatorHead";
  children: OperatorHeadCstChildren;
}

export type OperatorHeadCstChildren = {
  symbol: SymbolCstNode[];
  operands: OperandsCstNode[];
  inSchema?: InSchemaCstNode[];
};

export interface OperatorDefinitionCstNode extends CstNode {
  name: "operatorDefinition";
  children: OperatorDefinitionCstChildren;
}

export type OperatorDefinitionCstChildren = {
  k_operator: IToken[];
  classHead?: ClassHeadCstNode[];
  familyHead?: FamilyHeadCstNode[];
  operatorHead?: OperatorHeadCstNode[];
  commentClause?: CommentClauseCstNode[];
  LBrace: IToken[];
};

export interface ClassItemCstNode extends CstNode {
  name: "classItem";
  children: ClassItemCstChildren;
}

export type ClassItemCstChildren = {
  k_operator?: IToken[];
  number?: IToken[];
  symbol?: SymbolCstNode[];
  typeList?: TypeListCstNode[];
  k_order?: IToken[];
  k_by?: IToken[];
  qualified?: QualifiedCstNode[];
  k_function?: IToken[];
  functionName?: FunctionNameCstNode[];
  k_storage?: IToken[];
  type?: TypeCstNode[];
};

export interface ConversionCstNode extends CstNode {
  name: "conversion";
  children: ConversionCstChildren;
}

export type ConversionCstChildren = {
  k_conversion: IToken[];
  name: QualifiedCstNode[];
  was?: WasCstNode[];
  inSchema?: InSchemaCstNode[];
  k_for: IToken[];
  source: IToken[];
  k_to: IToken[];
  target: IToken[];
  k_from: IToken[];
  function: QualifiedCstNode[];
  k_default?: IToken[];
  commentClause?: CommentClauseCstNode[];
};

export interface LanguagePropertyCstNode extends CstNode {
  name: "languageProperty";
  children: LanguagePropertyCstChildren;
}

export type LanguagePropertyCstChildren = {
  k_handler?: IToken[];
  k_inline?: IToken[];
  k_validator?: IToken[];
  qualified?: QualifiedCstNode[];
};

export interface LanguageCstNode extends CstNode {
  name: "language";
  children: LanguageCstChildren;
}

export type LanguageCstChildren = {
  k_language: IToken[];
  name: IToken[];
  k_trusted?: IToken[];
  commentClause?: CommentClauseCstNode[];
  LBrace: IToken[];
};

export interface AccessMethodCstNode extends CstNode {
  name: "accessMethod";
  children: AccessMethodCstChildren;
}

export type AccessMethodCstChildren = {
  k_access: IToken[];
  k_method: IToken[];
  name: IToken[];
  k_type: IToken[];
  k_table?: IToken[];
  k_index?: IToken[];
  k_handler: IToken[];
  qualified: QualifiedCstNode[];
  commentClause?: CommentClauseCstNode[];
};

export interface TransformPropertyCstNode extends CstNode {
  name: "transformProperty";
  children: TransformPropertyCstChildren;
}

export type TransformPropertyCstChildren = {
  k_from?: IToken[];
  k_sql?: IToken[];
  k_to?: IToken[];
  qualified?: QualifiedCstNode[];
};

export interface TransformCstNode extends CstNode {
  name: "transform";
  children: TransformCstChildren;
}

export type TransformCstChildren = {
  k_transform: IToken[];
  k_for: IToken[];
  type: TypeCstNode[];
  k_language: IToken[];
  language: IToken[];
  commentClause?: CommentClauseCstNode[];
  LBrace: IToken[];
};

export interface SequenceTypeCstNode extends CstNode {
  name: "sequenceType";
  children: SequenceTypeCstChildren;
}

export type SequenceTypeCstChildren = {
  type?: IToken[];
};

export interface OwnedByCstNode extends CstNode {
  name: "ownedBy";
  children: OwnedByCstChildren;
}

export type OwnedByCstChildren = {
  k_owned: IToken[];
  k_by: IToken[];
  qualified: QualifiedCstNode[];
  columns: ColumnsCstNode[];
};

export interface SequenceCstNode extends CstNode {
  name: "sequence";
  children: SequenceCstChildren;
}

export type SequenceCstChildren = {
  k_unlogged?: IToken[];
  k_sequence: IToken[];
  name: QualifiedCstNode[];
  was?: WasCstNode[];
  inSchema?: InSchemaCstNode[];
  sequenceType?: SequenceTypeCstNode[];
  sequenceOption?: SequenceOptionCstNode[];
  ownedBy?: OwnedByCstNode[];
  commentClause?: CommentClauseCstNode[];
};

export interface RoleFlagCstNode extends CstNode {
  name: "roleFlag";
  children: RoleFlagCstChildren;
}

export type RoleFlagCstChildren = {
  flag?: IToken[];
};

export interface ConnectionLimitCstNode extends CstNode {
  name: "connectionLimit";
  children: ConnectionLimitCstChildren;
}

export type ConnectionLimitCstChildren = {
  k_connection: IToken[];
  k_limit: IToken[];
  whole: WholeCstNode[];
};

export interface ValidUntilCstNode extends CstNode {
  name: "validUntil";
  children: ValidUntilCstChildren;
}

export type ValidUntilCstChildren = {
  k_valid: IToken[];
  k_until: IToken[];
  until: IToken[];
};

export interface RoleMembershipCstNode extends CstNode {
  name: "roleMembership";
  children: RoleMembershipCstChildren;
}

export type RoleMembershipCstChildren = {
  k_member: IToken[];
  k_of: IToken[];
  role: IToken[];
  withOptions?: WithOptionsCstNode[];
};

export interface RoleCstNode extends CstNode {
  name: "role";
  children: RoleCstChildren;
}

export type RoleCstChildren = {
  k_role: IToken[];
  name: IToken[];
  roleFlag?: RoleFlagCstNode[];
  connectionLimit?: ConnectionLimitCstNode[];
  validUntil?: ValidUntilCstNode[];
  roleMembership?: RoleMembershipCstNode[];
  settingClause?: SettingClauseCstNode[];
};

export interface OwnerCstNode extends CstNode {
  name: "owner";
  children: OwnerCstChildren;
}

export type OwnerCstChildren = {
  k_owner: IToken[];
  role: IToken[];
  k_on?: IToken[];
  targets?: TargetsCstNode[];
  inSchema?: InSchemaCstNode[];
};

export interface GrantCstNode extends CstNode {
  name: "grant";
  children: GrantCstChildren;
}

export type GrantCstChildren = {
  k_grant: IToken[];
  privileges: PrivilegesCstNode[];
  k_on: IToken[];
  targets: TargetsCstNode[];
  k_to: IToken[];
  grantees: GranteesCstNode[];
  grantOption?: GrantOptionCstNode[];
  grantedBy?: GrantedByCstNode[];
  inSchema?: InSchemaCstNode[];
};

export interface RevokeCstNode extends CstNode {
  name: "revoke";
  children: RevokeCstChildren;
}

export type RevokeCstChildren = {
  k_revoke: IToken[];
  privileges: PrivilegesCstNode[];
  k_on: IToken[];
  targets: TargetsCstNode[];
  k_from: IToken[];
  grantees: GranteesCstNode[];
  inSchema?: InSchemaCstNode[];
};

export interface ThingsCstNode extends CstNode {
  name: "things";
  children: ThingsCstChildren;
}

export type ThingsCstChildren = {
  things?: IToken[];
};

export interface DefaultPrivilegesCstNode extends CstNode {
  name: "defaultPrivileges";
  children: DefaultPrivilegesCstChildren;
}

export type DefaultPrivilegesCstChildren = {
  k_default: IToken[];
  k_privileges: IToken[];
  k_for: IToken[];
  k_role: IToken[];
  role: IToken[];
  k_in?: IToken[];
  k_schema?: IToken[];
  schema?: IToken[];
  k_grant?: IToken[];
  privileges?: PrivilegesCstNode[];
  k_on?: IToken[];
  things?: ThingsCstNode[];
  k_to?: IToken[];
  grantees?: GranteesCstNode[];
  grantOption?: GrantOptionCstNode[];
  k_revoke?: IToken[];
  k_from?: IToken[];
};

export interface SecurityLabelCstNode extends CstNode {
  name: "securityLabel";
  children: SecurityLabelCstChildren;
}

export type SecurityLabelCstChildren = {
  k_security: IToken[];
  k_label: IToken[];
  text: IToken[];
  k_for: IToken[];
  provider: IToken[];
  k_on: IToken[];
  target: TargetCstNode[];
  columns?: ColumnsCstNode[];
  inSchema?: InSchemaCstNode[];
};

export interface DatabaseCstNode extends CstNode {
  name: "database";
  children: DatabaseCstChildren;
}

export type DatabaseCstChildren = {
  k_database: IToken[];
  settingClause?: SettingClauseCstNode[];
  commentClause?: CommentClauseCstNode[];
};

export interface RemarkCstNode extends CstNode {
  name: "remark";
  children: RemarkCstChildren;
}

export type RemarkCstChildren = {
  k_comment: IToken[];
  text: IToken[];
  k_on: IToken[];
  word?: IToken[];
  qualified?: QualifiedCstNode[];
  constraint?: IToken[];
  domain?: IToken[];
  inSchema?: InSchemaCstNode[];
};

export interface MixinCstNode extends CstNode {
  name: "mixin";
  children: MixinCstChildren;
}

export type MixinCstChildren = {
  k_mixin: IToken[];
  name: IToken[];
  commentClause?: CommentClauseCstNode[];
  LBrace: IToken[];
};

export interface MixinNamesCstNode extends CstNode {
  name: "mixinNames";
  children: MixinNamesCstChildren;
}

export type MixinNamesCstChildren = {
  name: IToken[];
  Comma?: IToken[];
};

export interface OfTypeCstNode extends CstNode {
  name: "ofType";
  children: OfTypeCstChildren;
}

export type OfTypeCstChildren = {
  k_of: IToken[];
  type: QualifiedCstNode[];
};

export interface TableCstNode extends CstNode {
  name: "table";
  children: TableCstChildren;
}

export type TableCstChildren = {
  k_unlogged?: IToken[];
  k_foreign?: IToken[];
  k_table: IToken[];
  name: QualifiedCstNode[];
  was?: WasCstNode[];
  inSchema?: InSchemaCstNode[];
  k_using?: IToken[];
  using?: IToken[];
  inTablespace?: InTablespaceCstNode[];
  partitionKey?: PartitionKeyCstNode[];
  onServer?: OnServerCstNode[];
  foreignOptions?: ForeignOptionsCstNode[];
  k_with?: IToken[];
  options?: OptionsCstNode[];
  mixinNames?: MixinNamesCstNode[];
  ofType?: OfTypeCstNode[];
  LBrace: IToken[];
};

export interface ReturnsClauseCstNode extends CstNode {
  name: "returnsClause";
  children: ReturnsClauseCstChildren;
}

export type ReturnsClauseCstChildren = {
  k_returns: IToken[];
  table?: IToken[];
  argumentList?: ArgumentListCstNode[];
  setof?: IToken[];
  type?: TypeCstNode[];
};

export interface ParallelClauseCstNode extends CstNode {
  name: "parallelClause";
  children: ParallelClauseCstChildren;
}

export type ParallelClauseCstChildren = {
  k_parallel: IToken[];
  safety?: IToken[];
};

export interface CostClauseCstNode extends CstNode {
  name: "costClause";
  children: CostClauseCstChildren;
}

export type CostClauseCstChildren = {
  k_cost: IToken[];
  number: IToken[];
};

export interface RowsClauseCstNode extends CstNode {
  name: "rowsClause";
  children: RowsClauseCstChildren;
}

export type RowsClauseCstChildren = {
  k_rows: IToken[];
  number: IToken[];
};

export interface SupportClauseCstNode extends CstNode {
  name: "supportClause";
  children: SupportClauseCstChildren;
}

export type SupportClauseCstChildren = {
  k_support: IToken[];
  qualified: QualifiedCstNode[];
};

export interface FunctionCstNode extends CstNode {
  name: "function";
  children: FunctionCstChildren;
}

export type FunctionCstChildren = {
  k_function: IToken[];
  name: QualifiedCstNode[];
  was?: WasCstNode[];
  argumentList: ArgumentListCstNode[];
  returnsClause?: ReturnsClauseCstNode[];
  inSchema?: InSchemaCstNode[];
  languageClause?: LanguageClauseCstNode[];
  volatility?: IToken[];
  strict?: IToken[];
  securityClause?: SecurityClauseCstNode[];
  leakproof?: IToken[];
  window?: IToken[];
  parallelClause?: ParallelClauseCstNode[];
  costClause?: CostClauseCstNode[];
  rowsClause?: RowsClauseCstNode[];
  supportClause?: SupportClauseCstNode[];
  transformClause?: TransformClauseCstNode[];
  configuration?: ConfigurationCstNode[];
  dependsClause?: DependsClauseCstNode[];
  commentClause?: CommentClauseCstNode[];
  routineBody: RoutineBodyCstNode[];
};

export interface ProcedureCstNode extends CstNode {
  name: "procedure";
  children: ProcedureCstChildren;
}

export type ProcedureCstChildren = {
  k_procedure: IToken[];
  name: QualifiedCstNode[];
  was?: WasCstNode[];
  argumentList: ArgumentListCstNode[];
  inSchema?: InSchemaCstNode[];
  languageClause?: LanguageClauseCstNode[];
  securityClause?: SecurityClauseCstNode[];
  transformClause?: TransformClauseCstNode[];
  configuration?: ConfigurationCstNode[];
  dependsClause?: DependsClauseCstNode[];
  commentClause?: CommentClauseCstNode[];
  routineBody: RoutineBodyCstNode[];
};

export interface ArgumentItemsCstNode extends CstNode {
  name: "argumentItems";
  children: ArgumentItemsCstChildren;
}

export type ArgumentItemsCstChildren = {
  argument: ArgumentCstNode[];
  Comma?: IToken[];
};

export interface AggregateArgumentsCstNode extends CstNode {
  name: "aggregateArguments";
  children: AggregateArgumentsCstChildren;
}

export type AggregateArgumentsCstChildren = {
  LParen: IToken[];
  direct?: ArgumentItemsCstNode[];
  k_order?: IToken[];
  k_by?: IToken[];
  ordered?: ArgumentItemsCstNode[];
  RParen: IToken[];
};

export interface DefinitionCstNode extends CstNode {
  name: "definition";
  children: DefinitionCstChildren;
}

export type DefinitionCstChildren = {
  name: IToken[];
  Equals?: IToken[];
  number?: IToken[];
  text?: IToken[];
  operator?: OperatorCstNode[];
  type?: TypeCstNode[];
};

export interface DefinitionsCstNode extends CstNode {
  name: "definitions";
  children: DefinitionsCstChildren;
}

export type DefinitionsCstChildren = {
  LParen: IToken[];
  definition: DefinitionCstNode[];
  Comma?: IToken[];
  RParen: IToken[];
};

export interface AggregateCstNode extends CstNode {
  name: "aggregate";
  children: AggregateCstChildren;
}

export type AggregateCstChildren = {
  k_aggregate: IToken[];
  name: QualifiedCstNode[];
  was?: WasCstNode[];
  aggregateArguments: AggregateArgumentsCstNode[];
  inSchema?: InSchemaCstNode[];
  commentClause?: CommentClauseCstNode[];
  definitions: DefinitionsCstNode[];
};

export interface PublishedCstNode extends CstNode {
  name: "published";
  children: PublishedCstChildren;
}

export type PublishedCstChildren = {
  table: QualifiedCstNode[];
  columns?: ColumnsCstNode[];
  where?: WhereCstNode[];
};

export interface PublicationMemberCstNode extends CstNode {
  name: "publicationMember";
  children: PublicationMemberCstChildren;
}

export type PublicationMemberCstChildren = {
  k_table?: IToken[];
  published?: PublishedCstNode[];
  k_tables?: IToken[];
  k_in?: IToken[];
  k_schema?: IToken[];
  schema?: IToken[];
};

export interface PublicationCstNode extends CstNode {
  name: "publication";
  children: PublicationCstChildren;
}

export type PublicationCstChildren = {
  k_publication: IToken[];
  name: IToken[];
  was?: WasCstNode[];
  k_for?: IToken[];
  k_all?: IToken[];
  k_tables?: IToken[];
  publicationMember?: PublicationMemberCstNode[];
  Comma?: IToken[];
  withOptions?: WithOptionsCstNode[];
  commentClause?: CommentClauseCstNode[];
};

export interface TagsCstNode extends CstNode {
  name: "tags";
  children: TagsCstChildren;
}

export type TagsCstChildren = {
  k_when: IToken[];
  k_tag: IToken[];
  k_in: IToken[];
  LParen: IToken[];
  text: IToken[];
  Comma?: IToken[];
  RParen: IToken[];
};

export interface EventTriggerCstNode extends CstNode {
  name: "eventTrigger";
  children: EventTriggerCstChildren;
}

export type EventTriggerCstChildren = {
  k_event: IToken[];
  k_trigger: IToken[];
  name: IToken[];
  was?: WasCstNode[];
  k_on: IToken[];
  event: IToken[];
  tags?: TagsCstNode[];
  k_execute: IToken[];
  k_function?: IToken[];
  executed?: QualifiedCstNode[];
  LParen: IToken[];
  RParen: IToken[];
  firing?: FiringCstNode[];
  commentClause?: CommentClauseCstNode[];
};

export interface ForeignDataWrapperCstNode extends CstNode {
  name: "foreignDataWrapper";
  children: ForeignDataWrapperCstChildren;
}

export type ForeignDataWrapperCstChildren = {
  k_foreign: IToken[];
  k_data: IToken[];
  k_wrapper: IToken[];
  name: IToken[];
  was?: WasCstNode[];
  k_handler?: IToken[];
  handler?: QualifiedCstNode[];
  k_validator?: IToken[];
  validator?: QualifiedCstNode[];
  foreignOptions?: ForeignOptionsCstNode[];
  commentClause?: CommentClauseCstNode[];
};

export interface ServerCstNode extends CstNode {
  name: "server";
  children: ServerCstChildren;
}

export type ServerCstChildren = {
  k_server: IToken[];
  name: IToken[];
  was?: WasCstNode[];
  k_type?: IToken[];
  type?: IToken[];
  k_version?: IToken[];
  version?: IToken[];
  k_foreign: IToken[];
  k_data: IToken[];
  k_wrapper: IToken[];
  wrapper: IToken[];
  foreignOptions?: ForeignOptionsCstNode[];
  commentClause?: CommentClauseCstNode[];
};

export interface UserMappingCstNode extends CstNode {
  name: "userMapping";
  children: UserMappingCstChildren;
}

export type UserMappingCstChildren = {
  k_user: IToken[];
  k_mapping: IToken[];
  k_for: IToken[];
  user: IToken[];
  k_server: IToken[];
  server: IToken[];
  foreignOptions?: ForeignOptionsCstNode[];
};

export interface SubscriptionCstNode extends CstNode {
  name: "subscription";
  children: SubscriptionCstChildren;
}

export type SubscriptionCstChildren = {
  k_subscription: IToken[];
  name: IToken[];
  was?: WasCstNode[];
  k_connection: IToken[];
  connection: IToken[];
  k_publication: IToken[];
  publication: IToken[];
  Comma?: IToken[];
  withOptions?: WithOptionsCstNode[];
  k_disabled?: IToken[];
  commentClause?: CommentClauseCstNode[];
};

export interface ViewColumnCstNode extends CstNode {
  name: "viewColumn";
  children: ViewColumnCstChildren;
}

export type ViewColumnCstChildren = {
  name: IToken[];
  Equals?: IToken[];
  fragment?: FragmentCstNode[];
  commentClause?: CommentClauseCstNode[];
};

export interface ViewColumnsCstNode extends CstNode {
  name: "viewColumns";
  children: ViewColumnsCstChildren;
}

export type ViewColumnsCstChildren = {
  LParen: IToken[];
  viewColumn: ViewColumnCstNode[];
  Comma?: IToken[];
  RParen: IToken[];
};

export interface ViewCstNode extends CstNode {
  name: "view";
  children: ViewCstChildren;
}

export type ViewCstChildren = {
  k_view: IToken[];
  name: QualifiedCstNode[];
  was?: WasCstNode[];
  viewColumns?: ViewColumnsCstNode[];
  inSchema?: InSchemaCstNode[];
  withOptions?: WithOptionsCstNode[];
  commentClause?: CommentClauseCstNode[];
  k_as: IToken[];
  statements: StatementsCstNode[];
  LBrace?: IToken[];
};

export interface MaterializedColumnCstNode extends CstNode {
  name: "materializedColumn";
  children: MaterializedColumnCstChildren;
}

export type MaterializedColumnCstChildren = {
  name: IToken[];
  storage?: StorageCstNode[];
  compression?: CompressionCstNode[];
  statistics?: StatisticsCstNode[];
  withOptions?: WithOptionsCstNode[];
  commentClause?: CommentClauseCstNode[];
};

export interface MaterializedColumnsCstNode extends CstNode {
  name: "materializedColumns";
  children: MaterializedColumnsCstChildren;
}

export type MaterializedColumnsCstChildren = {
  LParen: IToken[];
  materializedColumn: MaterializedColumnCstNode[];
  Comma?: IToken[];
  RParen: IToken[];
};

export interface MaterializedViewCstNode extends CstNode {
  name: "materializedView";
  children: MaterializedViewCstChildren;
}

export type MaterializedViewCstChildren = {
  k_materialized: IToken[];
  k_view: IToken[];
  name: QualifiedCstNode[];
  was?: WasCstNode[];
  materializedColumns?: MaterializedColumnsCstNode[];
  inSchema?: InSchemaCstNode[];
  withOptions?: WithOptionsCstNode[];
  k_using?: IToken[];
  using?: IToken[];
  inTablespace?: InTablespaceCstNode[];
  dependsClause?: DependsClauseCstNode[];
  commentClause?: CommentClauseCstNode[];
  k_as: IToken[];
  statements: StatementsCstNode[];
  k_with?: IToken[];
  noData?: IToken[];
  k_data?: IToken[];
  LBrace?: IToken[];
};

export interface RowsCstNode extends CstNode {
  name: "rows";
  children: RowsCstChildren;
}

export type RowsCstChildren = {
  k_rows: IToken[];
  name: QualifiedCstNode[];
  LParen: IToken[];
  column: IToken[];
  Comma?: IToken[];
  RParen: IToken[];
  LBrace: IToken[];
};

export interface RowValueCstNode extends CstNode {
  name: "rowValue";
  children: RowValueCstChildren;
}

export type RowValueCstChildren = {
  fragment?: FragmentCstNode[];
  bare?: BareCstNode[];
};

export interface RowCstNode extends CstNode {
  name: "row";
  children: RowCstChildren;
}

export type RowCstChildren = {
  rowValue: RowValueCstNode[];
  Comma?: IToken[];
};

export interface SqlCstNode extends CstNode {
  name: "sql";
  children: SqlCstChildren;
}

export type SqlCstChildren = {
  k_sql: IToken[];
  name: IToken[];
  LBrace: IToken[];
};

export interface SqlPartCstNode extends CstNode {
  name: "sqlPart";
  children: SqlPartCstChildren;
}

export type SqlPartCstChildren = {
  k_create?: IToken[];
  create?: StatementsCstNode[];
  k_drop?: IToken[];
  drop?: StatementsCstNode[];
  k_after?: IToken[];
  after?: QualifiedCstNode[];
  Comma?: IToken[];
};

export interface PartitionCstNode extends CstNode {
  name: "partition";
  children: PartitionCstChildren;
}

export type PartitionCstChildren = {
  k_unlogged?: IToken[];
  k_foreign?: IToken[];
  k_partition: IToken[];
  name: QualifiedCstNode[];
  was?: WasCstNode[];
  k_of: IToken[];
  parent: QualifiedCstNode[];
  bound: BoundCstNode[];
  inSchema?: InSchemaCstNode[];
  k_using?: IToken[];
  using?: IToken[];
  inTablespace?: InTablespaceCstNode[];
  partitionKey?: PartitionKeyCstNode[];
  onServer?: OnServerCstNode[];
  foreignOptions?: ForeignOptionsCstNode[];
  withOptions?: WithOptionsCstNode[];
  LBrace?: IToken[];
};

export interface IdentityCstNode extends CstNode {
  name: "identity";
  children: IdentityCstChildren;
}

export type IdentityCstChildren = {
  k_identity: IToken[];
  k_by?: IToken[];
  byDefault?: IToken[];
  k_always?: IToken[];
  LParen?: IToken[];
  sequenceOption?: SequenceOptionCstNode[];
  k_sequence?: IToken[];
  k_name?: IToken[];
  name?: QualifiedCstNode[];
  RParen?: IToken[];
};

export interface GeneratedCstNode extends CstNode {
  name: "generated";
  children: GeneratedCstChildren;
}

export type GeneratedCstChildren = {
  k_generated: IToken[];
  fragment: FragmentCstNode[];
  k_virtual?: IToken[];
  k_stored?: IToken[];
};

export interface StorageCstNode extends CstNode {
  name: "storage";
  children: StorageCstChildren;
}

export type StorageCstChildren = {
  k_storage: IToken[];
  name: IToken[];
};

export interface CompressionCstNode extends CstNode {
  name: "compression";
  children: CompressionCstChildren;
}

export type CompressionCstChildren = {
  k_compression: IToken[];
  name: IToken[];
};

export interface StatisticsCstNode extends CstNode {
  name: "statistics";
  children: StatisticsCstChildren;
}

export type StatisticsCstChildren = {
  k_statistics: IToken[];
  target: IToken[];
};

export interface UsingCstNode extends CstNode {
  name: "using";
  children: UsingCstChildren;
}

export type UsingCstChildren = {
  k_using: IToken[];
  fragment: FragmentCstNode[];
};

export interface BackfillCstNode extends CstNode {
  name: "backfill";
  children: BackfillCstChildren;
}

export type BackfillCstChildren = {
  k_backfill: IToken[];
  fragment: FragmentCstNode[];
};

export interface ColumnCstNode extends CstNode {
  name: "column";
  children: ColumnCstChildren;
}

export type ColumnCstChildren = {
  k_inherited?: IToken[];
  name: IToken[];
  was?: WasCstNode[];
  type: TypeCstNode[];
  Question?: IToken[];
  defaultClause?: DefaultClauseCstNode[];
  identity?: IdentityCstNode[];
  generated?: GeneratedCstNode[];
  inlineConstraint?: InlineConstraintCstNode[];
  collation?: CollationCstNode[];
  storage?: StorageCstNode[];
  compression?: CompressionCstNode[];
  statistics?: StatisticsCstNode[];
  withOptions?: WithOptionsCstNode[];
  foreignOptions?: ForeignOptionsCstNode[];
  using?: UsingCstNode[];
  backfill?: BackfillCstNode[];
  commentClause?: CommentClauseCstNode[];
};

export interface PrimaryKeyCstNode extends CstNode {
  name: "primaryKey";
  children: PrimaryKeyCstChildren;
}

export type PrimaryKeyCstChildren = {
  k_primary: IToken[];
  k_key: IToken[];
  columns: ColumnsCstNode[];
  keyClause?: KeyClauseCstNode[];
};

export interface PrimaryKeyInlineCstNode extends CstNode {
  name: "primaryKeyInline";
  children: PrimaryKeyInlineCstChildren;
}

export type PrimaryKeyInlineCstChildren = {
  k_primary: IToken[];
  k_key: IToken[];
  keyClauseInline?: KeyClauseInlineCstNode[];
};

export interface UniqueCstNode extends CstNode {
  name: "unique";
  children: UniqueCstChildren;
}

export type UniqueCstChildren = {
  k_unique: IToken[];
  nullsNotDistinct?: NullsNotDistinctCstNode[];
  columns: ColumnsCstNode[];
  keyClause?: KeyClauseCstNode[];
};

export interface UniqueInlineCstNode extends CstNode {
  name: "uniqueInline";
  children: UniqueInlineCstChildren;
}

export type UniqueInlineCstChildren = {
  k_unique: IToken[];
  nullsNotDistinct?: NullsNotDistinctCstNode[];
  keyClauseInline?: KeyClauseInlineCstNode[];
};

export interface ActionCstNode extends CstNode {
  name: "action";
  children: ActionCstChildren;
}

export type ActionCstChildren = {
  k_no?: IToken[];
  k_action?: IToken[];
  k_restrict?: IToken[];
  k_cascade?: IToken[];
  k_set?: IToken[];
  k_null?: IToken[];
  k_default?: IToken[];
  columns?: ColumnsCstNode[];
};

export interface OnEventCstNode extends CstNode {
  name: "onEvent";
  children: OnEventCstChildren;
}

export type OnEventCstChildren = {
  k_on: IToken[];
  event?: IToken[];
  action?: ActionCstNode[];
};

export interface MatchCstNode extends CstNode {
  name: "match";
  children: MatchCstChildren;
}

export type MatchCstChildren = {
  k_match: IToken[];
  mode?: IToken[];
};

export interface ReferencesCstNode extends CstNode {
  name: "references";
  children: ReferencesCstChildren;
}

export type ReferencesCstChildren = {
  Arrow: IToken[];
  qualified: QualifiedCstNode[];
  columns?: ColumnsCstNode[];
  match?: MatchCstNode[];
  onEvent?: OnEventCstNode[];
  deferral?: DeferralCstNode[];
  notValid?: NotValidCstNode[];
  notEnforced?: NotEnforcedCstNode[];
};

export interface ForeignKeyCstNode extends CstNode {
  name: "foreignKey";
  children: ForeignKeyCstChildren;
}

export type ForeignKeyCstChildren = {
  k_foreign: IToken[];
  k_key: IToken[];
  columns: ColumnsCstNode[];
  references: ReferencesCstNode[];
};

export interface CheckCstNode extends CstNode {
  name: "check";
  children: CheckCstChildren;
}

export type CheckCstChildren = {
  k_check: IToken[];
  fragment: FragmentCstNode[];
  noInherit?: NoInheritCstNode[];
  notValid?: NotValidCstNode[];
  notEnforced?: NotEnforcedCstNode[];
};

export interface OperatorCstNode extends CstNode {
  name: "operator";
  children: OperatorCstChildren;
}

export type OperatorCstChildren = {
  symbol?: IToken[];
  k_operator?: IToken[];
  LParen?: IToken[];
  schema?: IToken[];
  Dot?: IToken[];
  RParen?: IToken[];
};

export interface ElementCstNode extends CstNode {
  name: "element";
  children: ElementCstChildren;
}

export type ElementCstChildren = {
  key: KeyCstNode[];
  k_with: IToken[];
  operator: OperatorCstNode[];
};

export interface ElementsCstNode extends CstNode {
  name: "elements";
  children: ElementsCstChildren;
}

export type ElementsCstChildren = {
  LParen: IToken[];
  element: ElementCstNode[];
  Comma?: IToken[];
  RParen: IToken[];
};

export interface ExcludeCstNode extends CstNode {
  name: "exclude";
  children: ExcludeCstChildren;
}

export type ExcludeCstChildren = {
  k_exclude: IToken[];
  k_using?: IToken[];
  method?: IToken[];
  elements: ElementsCstNode[];
  keyClause?: KeyClauseCstNode[];
  where?: WhereCstNode[];
};

export interface NotNullCstNode extends CstNode {
  name: "notNull";
  children: NotNullCstChildren;
}

export type NotNullCstChildren = {
  k_not: IToken[];
  k_null: IToken[];
  LParen: IToken[];
  column: IToken[];
  RParen: IToken[];
  noInherit?: NoInheritCstNode[];
  notValid?: NotValidCstNode[];
};

export interface NotNullInlineCstNode extends CstNode {
  name: "notNullInline";
  children: NotNullInlineCstChildren;
}

export type NotNullInlineCstChildren = {
  k_not: IToken[];
  k_null: IToken[];
  noInherit?: NoInheritCstNode[];
  notValid?: NotValidCstNode[];
};

export interface IndexKeysCstNode extends CstNode {
  name: "indexKeys";
  children: IndexKeysCstChildren;
}

export type IndexKeysCstChildren = {
  LParen: IToken[];
  key: KeyCstNode[];
  Comma?: IToken[];
  RParen: IToken[];
};

export interface IndexCstNode extends CstNode {
  name: "index";
  children: IndexCstChildren;
}

export type IndexCstChildren = {
  k_unique?: IToken[];
  k_index: IToken[];
  name?: IToken[];
  was?: WasCstNode[];
  k_of?: IToken[];
  of?: IToken[];
  k_using?: IToken[];
  method?: IToken[];
  k_on?: IToken[];
  indexKeys?: IndexKeysCstNode[];
  include?: IncludeCstNode[];
  nullsNotDistinct?: NullsNotDistinctCstNode[];
  where?: WhereCstNode[];
  k_only?: IToken[];
  withOptions?: WithOptionsCstNode[];
  inTablespace?: InTablespaceCstNode[];
  dependsClause?: DependsClauseCstNode[];
  commentClause?: CommentClauseCstNode[];
};

export interface StatisticsKeyCstNode extends CstNode {
  name: "statisticsKey";
  children: StatisticsKeyCstChildren;
}

export type StatisticsKeyCstChildren = {
  expression?: FragmentCstNode[];
  name?: IToken[];
  Dot?: IToken[];
  arguments?: FragmentCstNode[];
};

export interface StatisticsKeysCstNode extends CstNode {
  name: "statisticsKeys";
  children: StatisticsKeysCstChildren;
}

export type StatisticsKeysCstChildren = {
  LParen: IToken[];
  statisticsKey: StatisticsKeyCstNode[];
  Comma?: IToken[];
  RParen: IToken[];
};

export interface StatisticsTargetCstNode extends CstNode {
  name: "statisticsTarget";
  children: StatisticsTargetCstChildren;
}

export type StatisticsTargetCstChildren = {
  k_target: IToken[];
  target: IToken[];
};

export interface StatisticsNameCstNode extends CstNode {
  name: "statisticsName";
  children: StatisticsNameCstChildren;
}

export type StatisticsNameCstChildren = {
  part: IToken[];
  Dot?: IToken[];
};

export interface ExtendedStatisticsCstNode extends CstNode {
  name: "extendedStatistics";
  children: ExtendedStatisticsCstChildren;
}

export type ExtendedStatisticsCstChildren = {
  k_statistics: IToken[];
  statisticsName?: StatisticsNameCstNode[];
  was?: WasCstNode[];
  kinds?: ColumnsCstNode[];
  k_on: IToken[];
  statisticsKeys: StatisticsKeysCstNode[];
  statisticsTarget?: StatisticsTargetCstNode[];
  commentClause?: CommentClauseCstNode[];
};

export interface ReplicaIdentityCstNode extends CstNode {
  name: "replicaIdentity";
  children: ReplicaIdentityCstChildren;
}

export type ReplicaIdentityCstChildren = {
  k_replica: IToken[];
  k_identity: IToken[];
  k_full?: IToken[];
  k_nothing?: IToken[];
  k_default?: IToken[];
  k_index?: IToken[];
  index?: IToken[];
};

export interface RowSecurityCstNode extends CstNode {
  name: "rowSecurity";
  children: RowSecurityCstChildren;
}

export type RowSecurityCstChildren = {
  k_row: IToken[];
  k_level: IToken[];
  k_security: IToken[];
  k_disabled?: IToken[];
  k_forced?: IToken[];
};

export interface PolicyCstNode extends CstNode {
  name: "policy";
  children: PolicyCstChildren;
}

export type PolicyCstChildren = {
  k_policy: IToken[];
  name: IToken[];
  was?: WasCstNode[];
  k_restrictive?: IToken[];
  k_permissive?: IToken[];
  k_for?: IToken[];
  k_all?: IToken[];
  k_select?: IToken[];
  k_insert?: IToken[];
  k_update?: IToken[];
  k_delete?: IToken[];
  k_to?: IToken[];
  role?: IToken[];
  Comma?: IToken[];
  k_using?: IToken[];
  using?: FragmentCstNode[];
  k_with?: IToken[];
  k_check?: IToken[];
  check?: FragmentCstNode[];
  commentClause?: CommentClauseCstNode[];
};

export interface TriggerEventCstNode extends CstNode {
  name: "triggerEvent";
  children: TriggerEventCstChildren;
}

export type TriggerEventCstChildren = {
  k_insert?: IToken[];
  k_update?: IToken[];
  updateOf?: UpdateOfCstNode[];
  k_delete?: IToken[];
  k_truncate?: IToken[];
};

export interface UpdateOfCstNode extends CstNode {
  name: "updateOf";
  children: UpdateOfCstChildren;
}

export type UpdateOfCstChildren = {
  k_of: IToken[];
  column: IToken[];
  Comma?: IToken[];
};

export interface TransitionTableCstNode extends CstNode {
  name: "transitionTable";
  children: TransitionTableCstChildren;
}

export type TransitionTableCstChildren = {
  k_old?: IToken[];
  k_new?: IToken[];
  k_table: IToken[];
  k_as: IToken[];
  name: IToken[];
};

export interface TriggerArgumentCstNode extends CstNode {
  name: "triggerArgument";
  children: TriggerArgumentCstChildren;
}

export type TriggerArgumentCstChildren = {
  value?: IToken[];
  word?: IToken[];
};

export interface TriggerCstNode extends CstNode {
  name: "trigger";
  children: TriggerCstChildren;
}

export type TriggerCstChildren = {
  k_constraint?: IToken[];
  k_trigger: IToken[];
  name: IToken[];
  was?: WasCstNode[];
  k_before?: IToken[];
  k_after?: IToken[];
  k_instead?: IToken[];
  k_of?: IToken[];
  triggerEvent: TriggerEventCstNode[];
  k_or?: IToken[];
  k_from?: IToken[];
  from?: QualifiedCstNode[];
  deferral?: DeferralCstNode[];
  k_referencing?: IToken[];
  transitionTable?: TransitionTableCstNode[];
  k_for?: IToken[];
  k_each?: IToken[];
  k_row?: IToken[];
  k_statement?: IToken[];
  k_when?: IToken[];
  when?: FragmentCstNode[];
  k_execute: IToken[];
  k_function?: IToken[];
  k_procedure?: IToken[];
  function: QualifiedCstNode[];
  LParen: IToken[];
  triggerArgument?: TriggerArgumentCstNode[];
  Comma?: IToken[];
  RParen: IToken[];
  firing?: FiringCstNode[];
  dependsClause?: DependsClauseCstNode[];
  commentClause?: CommentClauseCstNode[];
};

export interface RewriteRuleCstNode extends CstNode {
  name: "rewriteRule";
  children: RewriteRuleCstChildren;
}

export type RewriteRuleCstChildren = {
  k_rule: IToken[];
  name: IToken[];
  was?: WasCstNode[];
  k_on: IToken[];
  k_insert?: IToken[];
  k_update?: IToken[];
  k_delete?: IToken[];
  where?: WhereCstNode[];
  k_do: IToken[];
  k_also?: IToken[];
  k_instead?: IToken[];
  k_nothing?: IToken[];
  statements?: StatementsCstNode[];
  firing?: FiringCstNode[];
  commentClause?: CommentClauseCstNode[];
};

export interface ClusterCstNode extends CstNode {
  name: "cluster";
  children: ClusterCstChildren;
}

export type ClusterCstChildren = {
  k_cluster: IToken[];
  k_on: IToken[];
  index: IToken[];
};

export interface InheritsCstNode extends CstNode {
  name: "inherits";
  children: InheritsCstChildren;
}

export type InheritsCstChildren = {
  k_inherits: IToken[];
  parent: QualifiedCstNode[];
  Comma?: IToken[];
};

export interface CommentCstNode extends CstNode {
  name: "comment";
  children: CommentCstChildren;
}

export type CommentCstChildren = {
  commentClause: CommentClauseCstNode[];
};

export interface ConstraintCstNode extends CstNode {
  name: "constraint";
  children: ConstraintCstChildren;
}

export type ConstraintCstChildren = {
  constraintName?: ConstraintNameCstNode[];
  primaryKey?: PrimaryKeyCstNode[];
  unique?: UniqueCstNode[];
  foreignKey?: ForeignKeyCstNode[];
  check?: CheckCstNode[];
  exclude?: ExcludeCstNode[];
  notNull?: NotNullCstNode[];
  commentClause?: CommentClauseCstNode[];
};

export interface ConstraintNameCstNode extends CstNode {
  name: "constraintName";
  children: ConstraintNameCstChildren;
}

export type ConstraintNameCstChildren = {
  k_constraint: IToken[];
  name: IToken[];
};

export interface InlineConstraintCstNode extends CstNode {
  name: "inlineConstraint";
  children: InlineConstraintCstChildren;
}

export type InlineConstraintCstChildren = {
  constraintName?: ConstraintNameCstNode[];
  primaryKeyInline?: PrimaryKeyInlineCstNode[];
  uniqueInline?: UniqueInlineCstNode[];
  references?: ReferencesCstNode[];
  check?: CheckCstNode[];
  notNullInline?: NotNullInlineCstNode[];
};

export interface DeclarationCstNode extends CstNode {
  name: "declaration";
  children: DeclarationCstChildren;
}

export type DeclarationCstChildren = {
  schema?: SchemaCstNode[];
  extension?: ExtensionCstNode[];
  enum?: EnumCstNode[];
  domain?: DomainCstNode[];
  typeDefinition?: TypeDefinitionCstNode[];
  collationDefinition?: CollationDefinitionCstNode[];
  textSearch?: TextSearchCstNode[];
  cast?: CastCstNode[];
  operatorDefinition?: OperatorDefinitionCstNode[];
  conversion?: ConversionCstNode[];
  language?: LanguageCstNode[];
  accessMethod?: AccessMethodCstNode[];
  transform?: TransformCstNode[];
  sequence?: SequenceCstNode[];
  role?: RoleCstNode[];
  owner?: OwnerCstNode[];
  grant?: GrantCstNode[];
  revoke?: RevokeCstNode[];
  defaultPrivileges?: DefaultPrivilegesCstNode[];
  securityLabel?: SecurityLabelCstNode[];
  database?: DatabaseCstNode[];
  remark?: RemarkCstNode[];
  mixin?: MixinCstNode[];
  table?: TableCstNode[];
  function?: FunctionCstNode[];
  procedure?: ProcedureCstNode[];
  aggregate?: AggregateCstNode[];
  publication?: PublicationCstNode[];
  eventTrigger?: EventTriggerCstNode[];
  foreignDataWrapper?: ForeignDataWrapperCstNode[];
  server?: ServerCstNode[];
  userMapping?: UserMappingCstNode[];
  subscription?: SubscriptionCstNode[];
  view?: ViewCstNode[];
  materializedView?: MaterializedViewCstNode[];
  rows?: RowsCstNode[];
  sql?: SqlCstNode[];
  partition?: PartitionCstNode[];
};

export interface MemberCstNode extends CstNode {
  name: "member";
  children: MemberCstChildren;
}

export type MemberCstChildren = {
  index?: IndexCstNode[];
  trigger?: TriggerCstNode[];
  extendedStatistics?: ExtendedStatisticsCstNode[];
  constraint?: ConstraintCstNode[];
  replicaIdentity?: ReplicaIdentityCstNode[];
  rowSecurity?: RowSecurityCstNode[];
  policy?: PolicyCstNode[];
  rewriteRule?: RewriteRuleCstNode[];
  cluster?: ClusterCstNode[];
  inherits?: InheritsCstNode[];
  comment?: CommentCstNode[];
  column?: ColumnCstNode[];
};
