export * from './values.ts';
export * from './user.ts';
export * from './discussion.ts';
export * from './post.ts';
export * from './file.ts';
export * from './realtime.ts';
