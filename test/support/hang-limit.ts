/** A process that should have ended by itself is taken to hang after so long: many times what a machine under load needs. */
export const HANG_LIMIT_MS = 180_000
