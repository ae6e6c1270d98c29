'use strict';
// A timer of no time and an immediate, set from a program's first lines (`main`) or from a callback of a file (`io`): says
// which of the two was first.
const fs = require('fs');

function both() {
  let first;
  const say = (name) => {
    if (first) return;
    first = name;
    console.log(name);
  };
  setTimeout(say, 0, 'timeout');
  setImmediate(say, 'immediate');
}

if (process.argv[2] === 'io') fs.stat('/', both);
else both();
