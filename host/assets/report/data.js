// The data of the page, as the program has written it.

/** What is in an island of JSON. */
function island(id) {
  return JSON.parse(document.getElementById(id).textContent);
}

/** The course of a run with everything in one entry for each stretch; times in seconds. */
function expanded(course) {
  if (course.missing) return { ...course, size: 0 };
  const edges = [course.from_ns];
  for (let at = 0; at < course.lengths.length; at += 2) {
    for (let left = course.lengths[at]; left > 0; left -= 1) edges.push(edges.at(-1) + course.lengths[at + 1]);
  }
  const size = edges.length - 1;
  const seconds = edges.map((ns) => ns / 1e9);
  const lines = course.lines.map((line) => {
    const values = [], alone = [], spans = [];
    line.spans.forEach((span, at) => {
      for (let left = span; left > 0; left -= 1) {
        spans.push([values.length - (span - left), span]);
        values.push(line.values[at]);
        alone.push(span === 1 ? line.values[at] : null);
      }
    });
    return { ...line, values, alone, spans };
  });
  return {
    ...course,
    size,
    lines,
    edgesNs: edges,
    edges: seconds,
    middles: seconds.slice(1).map((to, at) => (seconds[at] + to) / 2),
    lengthsS: seconds.slice(1).map((to, at) => to - seconds[at]),
  };
}

/** When a stretch begins and ends, as it is read. */
function when(course, at) {
  const shortest = Math.min(...course.lengthsS.slice(0, 50));
  const decimals = shortest >= 1 ? 0 : shortest >= 0.1 ? 1 : 2;
  return `${clock(course.edges[at], decimals)} – ${clock(course.edges[at + 1], decimals)}`;
}

/** The least and greatest of numbers of which some may be missing. A spread into `Math.max` would fail for many. */
function extent(numbers) {
  let [least, most] = [Infinity, -Infinity];
  for (const number of numbers) {
    if (number === null || number === undefined) continue;
    if (number < least) least = number;
    if (number > most) most = number;
  }
  return [least, most];
}
