'use strict';
// A thread with a loop of its own: so many milliseconds of work, and the end.
const { performance } = require('perf_hooks');
const { workerData } = require('worker_threads');

const end = performance.now() + workerData;
while (performance.now() < end);
