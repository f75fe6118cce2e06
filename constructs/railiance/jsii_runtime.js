// jsii starts a Node.js that starts a second one and passes every message on. This is the second one
// alone: its program talks to Python over standard input and output, and what is printed goes to
// standard error in the form that jsii reads there.
"use strict";

const fs = require("fs");
const { Writable } = require("stream");

const CHANNEL = 3; // the descriptor over which the program talks
const { readSync, writeSync } = fs;
fs.readSync = (descriptor, ...rest) => readSync(descriptor === CHANNEL ? 0 : descriptor, ...rest);
fs.writeSync = (descriptor, ...rest) => writeSync(descriptor === CHANNEL ? 1 : descriptor, ...rest);

for (const name of ["stdout", "stderr"]) {
  const write = (chunk, _encoding, done) => {
    writeSync(2, JSON.stringify({ [name]: chunk.toString("base64") }) + "\n");
    done();
  };
  Object.defineProperty(process, name, { value: new Writable({ write, decodeStrings: true }) });
}

require(process.env.JSII_PROGRAM);
