// Talking to our own server. Nothing that was typed is put anywhere but into the request.

const token = () => document.querySelector("meta[name='csrf-token']").content;

export function makeId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// The server's answer as {status, body}; status 0 when the connection is gone.
export async function call(method, address, body) {
  let response;
  try {
    response = await fetch(address, {
      method,
      headers: { "Content-Type": "application/json", "X-CSRFToken": token() },
      body: body === undefined ? undefined : JSON.stringify(body),
      credentials: "same-origin",
      cache: "no-store",
    });
  } catch {
    return { status: 0, body: null };
  }
  const kind = response.headers.get("Content-Type") ?? "";
  try {
    return { status: response.status, body: kind.includes("json") ? await response.json() : null };
  } catch {
    return { status: 0, body: null };
  }
}

// A page of ours as a document, or null.
export async function openPage(address) {
  try {
    const response = await fetch(address, { credentials: "same-origin", cache: "no-store" });
    if (!response.ok || response.redirected) return null;
    return new DOMParser().parseFromString(await response.text(), "text/html");
  } catch {
    return null;
  }
}

export const wait = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
