// A directory of identities and a personal data server, as their makers test them, on the loopback interface alone.
// Prints one line of JSON when both answer, and goes on until it is told to stop.
import net from "node:net";

// Both would listen on every interface of the machine.
const listen = net.Server.prototype.listen;
net.Server.prototype.listen = function (...args) {
  if (typeof args[0] === "number" || typeof args[0] === "string") {
    const done = args.find((arg) => typeof arg === "function");
    return listen.call(this, { port: Number(args[0]), host: "127.0.0.1" }, done);
  }
  if (args[0] && typeof args[0] === "object" && "port" in args[0]) {
    return listen.call(this, { ...args[0], host: "127.0.0.1" }, ...args.slice(1));
  }
  return listen.apply(this, args);
};

const { TestPlc, TestPds } = await import("@atproto/dev-env");
const plc = await TestPlc.create({ port: Number(process.argv[2]) });
const pds = await TestPds.create({
  port: Number(process.argv[3]),
  didPlcUrl: plc.url,
  hostname: "localhost",
  serviceHandleDomains: [".test"],
  inviteRequired: false,
  devMode: true,
});
console.log(JSON.stringify({ plc: plc.url, pds: pds.url }));
process.on("SIGTERM", () => process.exit(0));
