// Preloaded by fast_start.py into jsii's Node process. The index of the AWS provider requires each of its 2,135
// submodules at once; this has each required when its export is first read.
"use strict";

const fs = require("fs");
const Module = require("module");
const path = require("path");

const INDEX = path.join("@cdktf", "provider-aws", "lib", "index.js");
const EAGER = /^exports\.(\w+) = (require\("\.\/[\w-]+"\));$/gm;
const LAZY = 'Object.defineProperty(exports, "$1", { enumerable: true, configurable: true, get: () => $2 });';

const load = Module._extensions[".js"];

Module._extensions[".js"] = function (module, filename, ...rest) {
  if (filename.endsWith(INDEX)) {
    try {
      // Exports that are written in another way stay eager.
      return module._compile(fs.readFileSync(filename, "utf8").replace(EAGER, LAZY), filename);
    } catch {
      // Loaded as always, below; what is wrong with the file itself comes up again there.
    }
  }
  return load.call(this, module, filename, ...rest);
};
