// connect(address, hear): one stream of server-sent events for each address, however many listen. `hear(name, data)` gets every event.
// The stream is opened again when it breaks, after the last message that was seen; it is closed while the page is hidden, because
// browsers allow few connections. How it stands is told to the document: "live-state" with live, lost, paused or over.
const NAMES = ["hello", "change", "measured", "log", "message", "all"];
const WAITS = [500, 1000, 2000, 4000, 8000, 15000];
const connections = new Map();

globalThis.connect = (address, hear) => {
  if (!connections.has(address)) connections.set(address, new Connection(address));
  const connection = connections.get(address);
  connection.listeners.add(hear);
  return () => connection.listeners.delete(hear);
};

class Connection {
  constructor(address) {
    this.address = new URL(address, location);
    this.listeners = new Set();
    this.failures = 0;
    this.state = "lost";
    if (!document.hidden) this.open();
  }

  open() {
    clearTimeout(this.timer);
    if (this.state === "over") return;
    this.events?.close();
    const events = (this.events = new EventSource(this.address));
    events.addEventListener("open", () => {
      this.failures = 0;
      this.become("live");
    });
    for (const name of NAMES) events.addEventListener(name, (event) => this.take(name, event));
    events.addEventListener("again", () => this.open());
    events.addEventListener("end", () => {
      events.close();
      this.become("over");
      this.tell("end", "");
    });
    events.addEventListener("error", () => {
      events.close();
      if (this.events !== events || document.hidden) return;
      this.become("lost");
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.open(), WAITS[Math.min(this.failures++, WAITS.length - 1)]);
    });
  }

  pause() {
    clearTimeout(this.timer);
    this.events?.close();
    if (this.state !== "over") this.become("paused");
  }

  take(name, event) {
    if (event.lastEventId) this.address.searchParams.set("from", event.lastEventId);
    this.tell(name, event.data);
  }

  tell(name, data) {
    for (const hear of this.listeners) hear(name, data);
  }

  become(state) {
    this.state = state;
    document.dispatchEvent(new CustomEvent("live-state", { detail: overall() }));
  }
}

function overall() {
  const states = [...connections.values()].map((connection) => connection.state);
  return ["paused", "lost", "live"].find((state) => states.includes(state)) || "over";
}

document.addEventListener("visibilitychange", () => {
  for (const connection of connections.values()) document.hidden ? connection.pause() : connection.open();
});
