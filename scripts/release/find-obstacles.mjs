/**
 * What stands in the way of a release, as sentences; none when nothing does.
 *
 * @param given `manifest` is package.json, `changelog` the text of CHANGELOG.md, `changed` what git says is not committed, `packed` the
 * paths in the tarball, `pending` the names of the changesets that no version has taken up
 */
export function findObstacles({ manifest, changelog, changed, packed, pending }) {
  const { version, repository } = manifest
  const heading = changelog.split('\n').find(line => line.startsWith(`## ${version}`))
  const checks = [
    [changed === '', 'Something is not committed.'],
    [
      repository?.url !== undefined,
      'package.json names no `repository`, from which npm states the provenance.',
    ],
    [heading !== undefined, `CHANGELOG.md has no part for ${version}.`],
    [!heading?.includes('not released'), `CHANGELOG.md says that ${version} is not released.`],
    [pending.length === 0, `Changesets wait for a version: ${pending.join(', ')}.`],
    [packed.includes('prebuilds/linux-x64/forkpoint.node'), 'The tarball has no binary for Linux on x64.'],
  ]
  return checks.filter(([holds]) => !holds).map(([, sentence]) => sentence)
}
