// Says whether an office is open now, by the hours and the work-day calendar in the page, on China's clock whatever
// the device's zone. Nothing is guessed: past the end of the calendar it says so. Without this the hours stand as they are.
const CHINA = 8 * 60; // minutes ahead of UTC, all year round
const DAY = 24 * 60; // minutes
const SOON = 30; // minutes before closing time when the minutes are counted
const FAR = 40; // days to look ahead for the next opening; the longest holidays have nine
const LINES = [...document.querySelectorAll("[data-hours]")].map((line) => ({ line, hours: parse(line.dataset.hours) }));
const CALENDAR = read(document.getElementById("work-days"));

if (CALENDAR && LINES.length) {
  let timer = 0;
  const tick = () => {
    clearTimeout(timer);
    show();
    timer = setTimeout(tick, 60_000 - (Date.now() % 60_000));
  };
  document.addEventListener("visibilitychange", () => document.hidden || tick());
  tick();
}

function show() {
  const minutes = Math.floor(Date.now() / 60_000) + CHINA;
  const now = { day: Math.floor(minutes / DAY), minute: ((minutes % DAY) + DAY) % DAY };
  for (const { line, hours } of LINES) {
    const { text, open } = say(hours, now);
    if (line.textContent !== text) line.textContent = text;
    line.classList.toggle("is-open", open);
    line.hidden = false;
  }
}

function say(hours, now) {
  const day = kindOf(now.day);
  const sessions = sessionsOn(hours, now.day);
  if (sessions === "unknown") return closed(`无法判断：${notYet(day.year)}，请按上面的时间并先打电话`);
  if (sessions === "unsaid") return closed(`今天放假（${day.off}），手册没有写是否上班，请先打电话`);
  const before = day.makeUp ? "今天调休上班，" : "";
  const current = sessions.find(([opens, closes]) => opens <= now.minute && now.minute < closes);
  const later = sessions.find(([opens]) => opens > now.minute);
  if (current) return { text: before + duringSession(current, later, now.minute, day), open: true };
  if (later) {
    const pause = isNoon(now.minute) ? "午休中，" : "休息中，";
    return closed(`${before}${later === sessions[0] ? "还没上班，今天 " : pause}${clock(later[0])} 上班`);
  }
  if (sessions.length) return closed(`${before}已下班，${next(hours, now.day)}`);
  return closed(`今天休息（${day.off || day.weekend || "不办公"}），${next(hours, now.day)}`);
}

function closed(text) {
  return { text, open: false };
}

function duringSession([, closes], later, minute, day) {
  const left = closes - minute;
  const what = !later ? "下班" : isNoon(closes) ? "午休" : "休息";
  if (left <= SOON) return `正在上班，${left} 分钟后${what}`;
  const only = day.weekday === 6 && !later && closes <= 13 * 60 && !day.makeUp ? "周六上午，" : "";
  return `正在上班（${only}${clock(closes)} ${what}）`;
}

// The words for the next opening after this day: 明天 9:00 上班.
function next(hours, today) {
  for (let day = today + 1; day <= today + FAR; day += 1) {
    const sessions = sessionsOn(hours, day);
    if (sessions === "unknown") return `下次上班时间无法判断：${notYet(kindOf(day).year)}，请先打电话`;
    if (sessions !== "unsaid" && sessions.length) {
      const { month, date, weekday } = kindOf(day);
      const when = day === today + 1 ? "明天 " : `${month}月${date}日（星期${"日一二三四五六"[weekday]}）`;
      return `${when}${clock(sessions[0][0])} 上班`;
    }
  }
  return "下次上班时间请打电话问";
}

// The sessions of a day in their order: [[540, 720], …]; "unknown" without a calendar for it, "unsaid" where the
// handbook does not tell whether weekend hours hold on a holiday.
function sessionsOn(hours, number) {
  const day = kindOf(number);
  if (!day.known && hours.some(({ days, never }) => days !== "every_day" || never)) return "unknown";
  const weekend = { 0: "sunday", 6: "saturday" }[day.weekday];
  const onWeekend = hours.filter(({ days }) => days === weekend);
  const onWorkdays = day.isWorkday ? hours.filter(({ days }) => days === "workdays") : [];
  const held = (onWorkdays.length ? onWorkdays : onWeekend).filter(({ never }) => !(never && day.off));
  const always = hours.filter(({ days, never }) => days === "every_day" && !(never && day.off));
  if (day.off && held.length) return always.length ? flat(always) : "unsaid";
  return flat([...held, ...always]);
}

function flat(lines) {
  return lines.flatMap(({ sessions }) => sessions).sort((one, other) => one[0] - other[0]);
}

// What is known of a day, counted in days since 1970 on China's clock.
function kindOf(number) {
  const date = new Date(number * DAY * 60_000);
  const iso = date.toISOString().slice(0, 10);
  const weekday = date.getUTCDay();
  const weekend = weekday === 0 || weekday === 6 ? "周末" : "";
  const year = date.getUTCFullYear();
  const makeUp = CALENDAR.makeUp.has(iso);
  const off = CALENDAR.off.get(iso) ?? "";
  return {
    year, month: date.getUTCMonth() + 1, date: date.getUTCDate(), weekday, weekend, makeUp, off,
    known: CALENDAR.years.includes(year),
    isWorkday: makeUp || (!off && !weekend),
  };
}

function notYet(year) {
  const last = CALENDAR.years.at(-1);
  return last && year > last ? `${year}年放假安排尚未公布` : `本站没有${year}年的放假安排`;
}

function isNoon(minute) {
  return minute >= 11 * 60 && minute < 15 * 60;
}

function clock(minute) {
  return `${Math.floor(minute / 60)}:${String(minute % 60).padStart(2, "0")}`;
}

// "workdays 09:00-12:00 13:00-17:00;saturday 09:00-12:00 not-on-holidays"
function parse(words) {
  return words.split(";").map((line) => {
    const [days, ...rest] = line.trim().split(" ");
    const times = rest.filter((part) => part.includes(":"));
    return {
      days,
      never: rest.includes("not-on-holidays"),
      sessions: times.map((part) => part.split("-").map((time) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3)))),
    };
  });
}

function read(data) {
  if (!data) return null;
  const { years, off, on } = JSON.parse(data.textContent);
  const named = Object.entries(off).flatMap(([name, days]) => days.map((day) => [day, name]));
  return { years, off: new Map(named), makeUp: new Set(on) };
}
