import { describe, expect, it } from 'vitest';
import { parseEnvironment } from './environment.ts';

const local = { SWATH_MANIFEST: 'manifests/r/1/process.json', SWATH_STORAGE: 'local:/data' };

describe('the environment of a step', () => {
  it('has defaults for everything but manifest and storage', () => {
    expect(parseEnvironment(local, ':')).toEqual({
      manifestKey: 'manifests/r/1/process.json',
      storage: { kind: 'local', folder: '/data' },
      scratch: undefined,
      readFolders: [],
      readHosts: [],
      lanes: undefined,
      watchParent: false,
      jobId: 'local',
      jobAttempt: 1,
      childIndex: 0,
    });
  });

  it('says which child and attempt of a Batch job this is, and what may be read', () => {
    const env = {
      ...local,
      AWS_BATCH_JOB_ID: 'j:7',
      AWS_BATCH_JOB_ATTEMPT: '3',
      AWS_BATCH_JOB_ARRAY_INDEX: '7',
      SWATH_READ_FOLDERS: '/a:/b',
      SWATH_READ_HOSTS: 'localhost:8080',
      SWATH_PARENT_WATCH: 'stdin',
      SWATH_LANES: '4',
    };
    expect(parseEnvironment(env, ':')).toMatchObject({
      jobId: 'j:7',
      jobAttempt: 3,
      childIndex: 7,
      readFolders: ['/a', '/b'],
      readHosts: ['localhost:8080'],
      lanes: 4,
      watchParent: true,
    });
  });

  it('names the three buckets of aws, or says that they are missing', () => {
    const buckets = { SWATH_WORK_BUCKET: 'www', SWATH_RAW_BUCKET: 'rrr', SWATH_RESULTS_BUCKET: 'sss' };
    const aws = { ...local, SWATH_STORAGE: 'aws' };
    expect(parseEnvironment({ ...aws, ...buckets }, ':').storage).toEqual({
      kind: 'aws',
      work: 'www',
      raw: 'rrr',
      results: 'sss',
    });
    expect(() => parseEnvironment(aws, ':')).toThrow('needs SWATH_WORK_BUCKET, SWATH_RAW_BUCKET');
  });

  it('names every variable that is wrong at once', () => {
    const wrong = { SWATH_STORAGE: 'ftp', AWS_BATCH_JOB_ARRAY_INDEX: '10000' };
    expect(() => parseEnvironment(wrong, ':')).toThrow(
      /SWATH_MANIFEST.*SWATH_STORAGE.*AWS_BATCH_JOB_ARRAY_INDEX/,
    );
  });
});
