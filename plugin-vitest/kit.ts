/** Vitest, for the command line. */
export const vitestKit: { name: string; line: string } = {
  name: 'vitest',
  line: '`plugins: [forkpoint()]` in vitest.config.ts',
}
