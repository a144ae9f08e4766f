// Reads calendars as ical.js understands them: a list of texts on stdin, a list of what each says on stdout.
const ICAL = require("../../node_modules/ical.js/dist/ical.es5.cjs");

const person = (property) => {
  if (!property) return null;
  const of = (name) => property.getParameter(name) ?? null;
  return {
    address: property.getFirstValue(),
    name: of("cn"),
    part: of("partstat"),
    rsvp: of("rsvp"),
    role: of("role"),
  };
};
const said = (text) => {
  const calendar = new ICAL.Component(ICAL.parse(text));
  const events = calendar.getAllSubcomponents("vevent").map((event) => {
    const value = (name) => event.getFirstPropertyValue(name);
    const start = event.getFirstProperty("dtstart");
    return {
      uid: value("uid"),
      sequence: value("sequence"),
      summary: value("summary"),
      location: value("location"),
      description: value("description"),
      url: value("url"),
      status: value("status"),
      class: value("class"),
      transp: value("transp"),
      zone: start.getParameter("tzid") ?? null,
      starts: new ICAL.Event(event).startDate.toUnixTime(),
      ends: new ICAL.Event(event).endDate.toUnixTime(),
      stamp: value("dtstamp").toUnixTime(),
      changed: value("last-modified").toUnixTime(),
      organizer: person(event.getFirstProperty("organizer")),
      attendees: event.getAllProperties("attendee").map(person),
      inside: event.getAllSubcomponents().length,
    };
  });
  return {
    method: calendar.getFirstPropertyValue("method"),
    parts: calendar.getAllSubcomponents().map((part) => part.name),
    events,
  };
};
let text = "";
process.stdin.setEncoding("utf8");
process.stdin.on("data", (part) => (text += part));
process.stdin.on("end", () => process.stdout.write(JSON.stringify(JSON.parse(text).map(said))));
