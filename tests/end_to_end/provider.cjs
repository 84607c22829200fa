// One process of the AWS provider for many commands of terraform, with few types of resources in its schema.
//
//     node provider.cjs BINARY SERVICE...
//
// Terraform reads the schema of all 1,500 types in every command, which takes most of the command's time. So it
// is asked for once, and only the types of these services are passed on: aws_SERVICE_... Everything else goes
// to the provider and back as it is, one connection for each that terraform opens: where terraform is killed,
// the provider's calls end too.
//
// It prints the value of TF_REATTACH_PROVIDERS, and ends with its standard input.

const { spawn } = require("child_process");
const http2 = require("http2");
const net = require("net");
const { createInterface } = require("readline");

const [binary, ...services] = process.argv.slice(2);
const ofAnotherService = new RegExp(`^aws_(?!(${services.join("|")})_)`);
const END_STREAM = http2.constants.NGHTTP2_FLAG_END_STREAM;

/** The number at a place of a protobuf message, and the place after it. */
function varint(message, at) {
  let value = 0;
  for (let unit = 1; ; unit *= 128) {
    const byte = message[at++];
    value += (byte & 127) * unit;
    if (byte < 128) return [value, at];
  }
}

/** The fields of a protobuf message that has numbers, texts and messages: all bytes of each, and what it holds. */
function* fields(message) {
  for (let start = 0, at = 0; at < message.length; start = at) {
    let tag, length;
    [tag, at] = varint(message, at);
    [length, at] = varint(message, at);
    const content = message.subarray(at, at);
    if ((tag & 7) === 0) yield { all: message.subarray(start, at), content };
    else {
      yield { all: message.subarray(start, at + length), content: message.subarray(at, at + length) };
      at += length;
    }
  }
}

/** A gRPC answer with the schema, without the types of other services: an entry of a map begins with its key. */
function reduced(answer) {
  const kept = [];
  for (const { all, content } of fields(answer.subarray(5))) {
    const key = fields(content).next().value;
    if (!key || !ofAnotherService.test(key.content.toString())) kept.push(all);
  }
  const message = Buffer.concat(kept);
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}

let schema;

function answerWithSchema(stream) {
  stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
  stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
  stream.end(schema);
}

/** Pass a call of terraform on to the provider, and the answer back. */
function pass(stream, headers, provider) {
  const isOfSchema = headers[":path"].endsWith("/GetSchema");
  if (isOfSchema && schema) return answerWithSchema(stream);
  const call = provider.request(headers);
  stream.pipe(call);
  stream.on("close", () => call.close(http2.constants.NGHTTP2_CANCEL));
  call.on("error", () => stream.destroy());
  if (isOfSchema) {
    const parts = [];
    call.on("data", (part) => parts.push(part));
    call.on("end", () => {
      schema = reduced(Buffer.concat(parts));
      answerWithSchema(stream);
    });
    return;
  }
  let trailers = {};
  call.on("trailers", (received) => (trailers = { ...received }));
  call.on("response", (received, flags) => {
    if (flags & END_STREAM) return stream.respond(received, { endStream: true });
    stream.respond(received, { waitForTrailers: true });
    stream.on("wantTrailers", () => stream.sendTrailers(trailers));
    call.pipe(stream);
  });
}

function serve(address) {
  const server = http2.createServer();
  server.on("session", (session) => {
    const provider = http2.connect("http://provider", { createConnection: () => net.connect(address) });
    session.on("error", () => {}).on("close", () => provider.destroy());
    provider.on("error", () => {}).on("close", () => session.destroy());
    session.on("stream", (stream, headers) => {
      stream.on("error", () => {});
      pass(stream, headers, provider);
    });
  });
  return server;
}

const child = spawn(binary, ["-debug"], {
  env: { ...process.env, TF_LOG_SDK: "OFF", TF_LOG_PROVIDER: "OFF", TF_LOG_PROVIDER_AWS: "OFF" },
  stdio: ["ignore", "pipe", "inherit"],
});
createInterface({ input: child.stdout }).on("line", (line) => {
  const found = line.match(/TF_REATTACH_PROVIDERS='(.*)'/);
  if (!found) return;
  const reattach = JSON.parse(found[1]);
  const [{ Addr: address }] = Object.values(reattach);
  const server = serve(address.String);
  address.String += "-reduced";
  server.listen(address.String, () => console.log(JSON.stringify(reattach)));
});
child.on("exit", (status) => process.exit(status ?? 0));
process.stdin.resume().on("end", () => child.kill());
