/** Every limit of the catalogue, with its reason. */

/** Characters of a cql2-text filter: an area of 1,000 vertices is about 20,000; three times that is room enough. */
export const MAX_FILTER_CHARS = 65_536;

/** Nodes of a filter (operators, operands, literals; vertices apart): a list of 2,000 ids with operators around it. */
export const MAX_FILTER_NODES = 5_000;

/** Nesting of a filter: people write 5 levels, generators 20. Bounds the recursion of parser, checker and evaluator. */
export const MAX_FILTER_DEPTH = 64;

/** Vertices of all geometries of a filter, as of an AOI. */
export const MAX_FILTER_VERTICES = 10_000;
