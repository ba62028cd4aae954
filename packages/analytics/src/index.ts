export * from './record/record-request.ts';
export * from './tables/index.ts';
