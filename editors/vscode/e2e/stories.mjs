// What a person does with a policy in VS Code: each story begins where the one before it ended.

import { CLUSTERS } from './stories/clusters.mjs';
import { DEBUGGING } from './stories/debugging.mjs';
import { EDITING } from './stories/editing.mjs';
import { TASKS } from './stories/tasks.mjs';
import { TESTING } from './stories/testing.mjs';
import { TROUBLE } from './stories/trouble.mjs';

export const STORIES = { ...EDITING, ...TESTING, ...TASKS, ...DEBUGGING, ...CLUSTERS, ...TROUBLE };
