/** Publishes a stray; `facts` is a member and stays. */
export const published = 0;
/**
 * Closes the connection that was given
 * up.
 */
export const closed = 0;
