/// Who waits for one host.
///
/// Curl could hold transfers back too, but it lets their deadline run meanwhile, and counts
/// connections rather than requests, which over HTTP/2 is no limit at all.
struct HostLine<Element> {
    /// How many are being served.
    private(set) var running = 0
    private var waiting: [Element] = []
    private var head = 0

    /// Whether nobody waits or is served.
    var isIdle: Bool { running == 0 && head == waiting.count }

    /// Joins the line.
    mutating func join(_ element: Element) { waiting.append(element) }

    /// The next to be served, if fewer than `limit` are.
    mutating func next(limit: Int) -> Element? {
        guard running < limit, head < waiting.count else { return nil }
        let element = waiting[head]
        head += 1
        if head > 64, head * 2 > waiting.count {
            waiting.removeFirst(head)
            head = 0
        }
        running += 1
        return element
    }

    /// Leaves when served.
    mutating func leave() { running -= 1 }

    /// Takes those who meet the condition out of the line.
    mutating func remove(where condition: (Element) -> Bool) -> [Element] {
        let rest = waiting[head...]
        let gone = rest.filter(condition)
        waiting = rest.filter { !condition($0) }
        head = 0
        return gone
    }
}
