/** Bundles the viewer and the modeler: `node build.mjs [OUT]`, default `bundles`. Same input, same bytes. */
import { build } from 'esbuild';
import { fileURLToPath } from 'node:url';

const options = {
  entryPoints: { viewer: 'src/viewer.js', modeler: 'src/modeler.js' },
  absWorkingDir: import.meta.dirname,
  bundle: true,
  format: 'esm',
  minify: true,
  // The oldest browsers that know light-dark(), which the page style needs.
  target: ['chrome123', 'firefox120', 'safari17.5'],
  loader: { '.woff2': 'dataurl', '.svg': 'dataurl' },
  // Licence texts are collected from the packages themselves by notices.mjs.
  legalComments: 'none',
  charset: 'utf8',
  logLevel: 'warning',
};

/** Names of the packages that contribute at least one byte to a bundle. */
export async function bundledPackages() {
  const { metafile } = await build({ ...options, outdir: 'unwritten', write: false, metafile: true });
  const names = new Set();
  for (const { inputs } of Object.values(metafile.outputs)) {
    for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
      const name = path.match(/.*node_modules\/((?:@[^/]+\/)?[^/]+)/)?.[1];
      if (name && bytesInOutput > 0) {
        names.add(name);
      }
    }
  }
  return names;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await build({ ...options, outdir: process.argv[2] ?? 'bundles' });
}
