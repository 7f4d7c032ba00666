// An OPC UA server of another stack: `node server.mjs FOLDER PORT`, its certificates in FOLDER.
// Says in one line of JSON where it listens and where its certificate lies; a line on its input sets a value:
// "NAME VALUE [STATUS]".
import { createInterface } from "node:readline";
import { OPCUACertificateManager } from "node-opcua-certificate-manager";
import { MessageSecurityMode, SecurityPolicy } from "node-opcua-secure-channel";
import { OPCUAServer } from "node-opcua-server";
import { standardUnits } from "node-opcua-data-access";
import { StatusCodes } from "node-opcua-status-code";
import { DataType } from "node-opcua-variant";

const [folder, port] = process.argv.slice(2);
const manager = new OPCUACertificateManager({ rootFolder: folder, automaticallyAcceptUnknownCertificate: true });
const server = new OPCUAServer({
  port: Number(port),
  host: "127.0.0.1",
  hostname: "127.0.0.1",
  serverCertificateManager: manager,
  securityPolicies: [SecurityPolicy.None, SecurityPolicy.Basic256Sha256],
  securityModes: [MessageSecurityMode.None, MessageSecurityMode.SignAndEncrypt],
});
await server.initialize();

const space = server.engine.addressSpace;
const plant = space.getOwnNamespace().addObject({ browseName: "Plant", organizedBy: space.rootFolder.objects });
const shared = { componentOf: plant, dataType: "Double", engineeringUnitsRange: { low: -50, high: 250 } };
const items = {};
for (const [name, unit] of [["TI-1", "degree_celsius"], ["TI-2", "degree_celsius"], ["PI-1", "kilopascal"]]) {
  items[name] = space.getOwnNamespace().addAnalogDataItem({
    ...shared,
    browseName: name,
    nodeId: `s=${name}`,
    engineeringUnits: standardUnits[unit],
    value: { dataType: DataType.Double, value: 20 },
  });
}
await server.start();
process.stdout.write(`${JSON.stringify({ certificate: server.certificateFile })}\n`);

createInterface({ input: process.stdin }).on("line", (line) => {
  const [name, value, status] = line.split(" ");
  items[name].setValueFromSource({ dataType: DataType.Double, value: Number(value) }, StatusCodes[status ?? "Good"]);
});
process.stdin.on("end", () => process.exit(0));
