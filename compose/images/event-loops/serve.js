'use strict';
// An HTTP server whose paths each load the event loop in a way of their own. What runs is named by console.time and
// console.timeEnd, which Node's own trace records (category node.console).
const dns = require('dns');
const fs = require('fs');
const http = require('http');
const { performance } = require('perf_hooks');
const { promisify } = require('util');
const { Worker } = require('worker_threads');

const HERE = '/usr/local/lib/machinelab';
const READY = '/run/lab/ready';
const PIPES = [1, 2, 3, 4].map((each) => `/run/lab/pipe-${each}`);
const execFile = promisify(require('child_process').execFile);
const PIECE = 10; // ms of work between two looks at the loop

// What `work` does, as one span of the trace.
function span(name, work) {
  console.time(name);
  try {
    return work();
  } finally {
    console.timeEnd(name);
  }
}

// Both clocks at once: the trace's times count from the machine's start.
function clock() {
  span(`clock ${(performance.timeOrigin + performance.now()).toFixed(3)}`, () => {});
}

// Keep the processor busy.
function work(ms) {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

function end(response, text) {
  response.end(`${text}\n`);
}

// A callback in each queue. The names are sent in the order in which they come up.
function order(query, response) {
  const seen = [];
  const say = (name) => span(name, () => {
    seen.push(name);
    if (seen.length === 6) end(response, seen.join(' '));
  });
  setTimeout(() => say('timeout'), 0);
  setImmediate(() => say('immediate'));
  fs.stat('/', () => say('stat'));
  Promise.resolve().then(() => say('promise'));
  process.nextTick(() => say('nextTick'));
  say('sync');
}

// The same amount of work: in one go, beside the loop, or only waited for.
const WAYS = {
  block(ms, done) {
    span('work', () => work(ms));
    done();
  },
  await(ms, done) {
    console.time('waiting');
    setTimeout(() => {
      console.timeEnd('waiting');
      done();
    }, ms);
  },
  pieces(ms, done) {
    span('piece', () => work(PIECE));
    if (ms <= PIECE) done();
    else setImmediate(WAYS.pieces, ms - PIECE, done);
  },
  worker(ms, done) {
    console.time('beside');
    new Worker(`${HERE}/worker.js`, { workerData: ms }).once('exit', () => {
      console.timeEnd('beside');
      done();
    });
  },
};

// Ask for one's own callback again and again, for so many milliseconds.
const AGAIN = { nextTick: process.nextTick, promise: queueMicrotask, immediate: setImmediate };
function starve(query, response) {
  const again = AGAIN[query.get('how')];
  const until = performance.now() + Number(query.get('ms'));
  let turns = 0;
  console.time('turns');
  (function turn() {
    turns += 1;
    if (performance.now() < until) {
      again(turn);
      return;
    }
    console.timeEnd('turns');
    end(response, 'done');
  })();
}

// Pipes that nobody writes to: opening one keeps a thread until somebody does, as a file on a server that hangs would. After `ms`
// somebody does. The file at the end is an ordinary one.
function pool(query, response) {
  const pipes = PIPES.slice(0, Number(query.get('pipes')));
  for (const pipe of pipes) fs.readFile(pipe, () => {});
  readFile(response);
  setTimeout(() => {
    for (const pipe of pipes) fs.closeSync(fs.openSync(pipe, fs.constants.O_WRONLY | fs.constants.O_NONBLOCK));
  }, Number(query.get('ms')));
}

// Names to look up by getaddrinfo, and a file.
function lookups(query, response) {
  for (let each = 1; each <= Number(query.get('names')); each += 1) {
    dns.lookup(`name-${each}.test`, { family: 4 }, () => {});
  }
  readFile(response);
}

function readFile(response) {
  console.time('file');
  fs.readFile('/etc/hostname', () => {
    console.timeEnd('file');
    end(response, 'read');
  });
}

// A program that sets a timer of no time and an immediate, started so many times: which of the two is first?
async function race(query, response) {
  const tally = { immediate: 0, timeout: 0 };
  const program = [`${HERE}/first.js`, query.get('from')];
  for (let each = 0; each < Number(query.get('times')); each += 1) {
    const { stdout } = await execFile(process.execPath, program);
    tally[stdout.trim()] += 1;
  }
  response.setHeader('Content-Type', 'application/json');
  response.end(JSON.stringify(tally));
}

const PATHS = {
  '/order': order,
  '/quick': (query, response) => span('quick', () => end(response, 'quick')),
  '/work': (query, response) => WAYS[query.get('how')](Number(query.get('ms')), () => end(response, 'done')),
  '/starve': starve,
  '/pool': pool,
  '/lookups': lookups,
  '/race': race,
};

const server = http.createServer((request, response) => {
  const url = new URL(request.url, 'http://server');
  const path = PATHS[url.pathname];
  response.sendDate = false;
  if (path) path(url.searchParams, response);
  else response.writeHead(404).end();
});

// No new request is taken, and what has been begun is finished: then there is nothing left to wait for, and the loop ends.
process.once('SIGTERM', () => {
  server.close();
  server.closeIdleConnections();
});
process.once('exit', clock);
server.listen(80, '0.0.0.0', () => {
  clock();
  clock(); // the second costs less time between its two readings
  fs.writeFileSync(READY, '');
});
