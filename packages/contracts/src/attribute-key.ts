/** The form of the name of an attribute or option, as part of a pattern. */
export const attributeKey = '[^\\u0000-\\u001f\\u007f]{1,60}';
