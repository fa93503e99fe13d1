// Starts `htdbu lsp` and speaks with it over its standard input and output. Colours and snippets work without it.
"use strict";

const vscode = require("vscode");
const { LanguageClient } = require("vscode-languageclient/node");

let client;

function command(settings) {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? "";
  return settings.get("path", "htdbu").replaceAll("${workspaceFolder}", folder);
}

async function start() {
  const settings = vscode.workspace.getConfiguration("htdbu");
  if (!settings.get("server", true) || !vscode.workspace.isTrusted) {
    return;
  }
  const path = command(settings);
  // Without a `transport` the client adds no `--stdio` to the arguments.
  const server = { command: path, args: ["lsp"] };
  const options = { documentSelector: [{ scheme: "file", language: "htr" }, { scheme: "untitled", language: "htr" }] };
  client = new LanguageClient("htdbu", "htdbu", server, options);
  try {
    await client.start();
  } catch (error) {
    client = undefined;
    const hint = "Install it with `pip install 'htdbu[lsp]'`, or name it in the setting `htdbu.path`.";
    vscode.window.showWarningMessage(`"${path} lsp" does not start: ${error.message ?? error} ${hint}`);
  }
}

async function stop() {
  const running = client;
  client = undefined;
  await running?.stop();
}

async function restart() {
  try {
    await stop();
  } finally {
    await start();
  }
}

async function activate(context) {
  context.subscriptions.push(
    vscode.commands.registerCommand("htdbu.restart", restart),
    vscode.workspace.onDidGrantWorkspaceTrust(restart),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (["htdbu.path", "htdbu.server"].some((name) => change.affectsConfiguration(name))) {
        return restart();
      }
    }),
  );
  await start();
}

module.exports = { activate, deactivate: stop };
