import { measureWindows } from './aoi-window.ts';

/** The windows in a process of their own: `aoi-once <origin>`. */
const [, , origin = ''] = process.argv;
void measureWindows(origin).then((run) => console.log(JSON.stringify(run)));
