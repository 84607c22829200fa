// The JavaScript twin: builds the stacks of a cdktf.out once more, with the provider's own classes, each imported
// by itself, and the same tree of constructs. What it writes is the same, byte for byte.
//
//     node main.cjs CDKTF_OUT        (writes to CDKTF_OUTDIR)
"use strict";

const fs = require("fs");
const path = require("path");
const { App, DataResource, LocalBackend, TerraformOutput, TerraformStack } = require("cdktf");
const { AwsProvider } = require("@cdktf/provider-aws/lib/provider");
const { Construct } = require("constructs");

// Their keys are the user's own, not names of arguments.
const MAPS = new Set(["parameters", "tags"]);
const classes = new Map([["terraform_data", DataResource]]);

function main(described) {
  const app = new App();
  const { stacks } = JSON.parse(fs.readFileSync(path.join(described, "manifest.json")));
  for (const { name, synthesizedStackPath } of Object.values(stacks)) {
    build(new TerraformStack(app, name), JSON.parse(fs.readFileSync(path.join(described, synthesizedStackPath))));
  }
  app.synth();
}

function build(stack, { terraform, provider, resource, output, removed }) {
  new LocalBackend(stack, terraform.backend.local);
  new AwsProvider(new Construct(stack, "provider"), "aws", camelCased(provider.aws[0]));
  for (const [type, ofType] of Object.entries(resource)) {
    const Resource = classOf(type);
    for (const { "//": description, depends_on: dependsOn, ...given } of Object.values(ofType)) {
      const ids = description.metadata.path.split("/").slice(1);
      const id = ids.pop();
      const scope = ids.reduce((parent, each) => parent.node.tryFindChild(each) ?? new Construct(parent, each), stack);
      new Resource(scope, id, { ...camelCased(given), dependsOn: dependsOn?.map((fqn) => ({ fqn })) });
    }
  }
  for (const [name, config] of Object.entries(output)) new TerraformOutput(stack, name, config);
  if (removed) stack.addOverride("removed", removed);
}

function classOf(type) {
  if (!classes.has(type)) {
    const exported = require(`@cdktf/provider-aws/lib/${type.replace(/^aws_/, "").replaceAll("_", "-")}`);
    classes.set(type, Object.values(exported).find((each) => each.tfResourceType === type));
  }
  return classes.get(type);
}

function camelCased(value) {
  if (Array.isArray(value)) return value.map(camelCased);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, given]) => [
      name.replace(/_(\w)/g, (_, letter) => letter.toUpperCase()),
      MAPS.has(name) ? given : camelCased(given),
    ]),
  );
}

main(process.argv[2]);
