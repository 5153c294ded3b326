import VitrineCore

/// A row that has been read and whose product has not been met.
struct WaitingRow {
    var variant: OpenVariant
    var images: [ImageSource]
    var line: Int
    var ordinal: Int
    var status: Product.Status
    var diagnostics: [Diagnostic]
    /// Whether it waits for a product that names it, rather than naming one.
    var isHiddenArticle = false
}

/// Products in the order of the file, of which some wait for rows from further down, and rows that wait for their product.
struct LinkedProducts {
    enum Found {
        case open(OpenProduct)
        case gone(key: String)
        case leftOut
    }

    private var queued: [OpenProduct] = []
    private var head = 0
    private var weight = 0
    private var byName: [String: Found] = [:]
    private var orphans: [String: [WaitingRow]] = [:]
    private var orphanCount = 0

    /// Adds a product that others may name, and gives back the rows that waited for it.
    mutating func add(_ product: OpenProduct, names: [String]) -> [WaitingRow] {
        var waiting: [WaitingRow] = []
        for name in names {
            if byName[name] == nil { byName[name] = product.absence == nil ? .open(product) : .leftOut }
            if let rows = orphans.removeValue(forKey: name) {
                waiting += rows
                orphanCount -= rows.count
            }
        }
        queue(product)
        return waiting
    }

    mutating func queue(_ product: OpenProduct) {
        queued.append(product)
        weight += product.weight
    }

    func product(named name: String) -> Found? {
        switch byName[name] {
        case .open(let product) where product.isGone: .gone(key: product.key)
        case let found: found
        }
    }

    /// Keeps a row for later; gives back those that have waited too long.
    mutating func keep(_ row: WaitingRow, for name: String) -> [(name: String, row: WaitingRow)] {
        orphans[name, default: []].append(row)
        orphanCount += 1
        return orphanCount > FeedLimits.waiting ? takeOrphans() : []
    }

    /// Rows whose product never came, by line.
    mutating func takeOrphans() -> [(name: String, row: WaitingRow)] {
        let all = orphans.flatMap { name, rows in rows.map { (name: name, row: $0) } }
        orphans = [:]
        orphanCount = 0
        return all.sorted { $0.row.line < $1.row.line }
    }

    /// The next product that waits for nothing, or the first one when too many wait.
    mutating func next() -> OpenProduct? {
        guard head < queued.count else { return nil }
        let product = queued[head]
        let isFull = queued.count - head > FeedLimits.waiting / 2 || weight > FeedLimits.waiting * 2
        guard !product.isWaiting || isFull else { return nil }
        head += 1
        weight -= min(weight, product.weight)
        if head > 1024, head * 2 > queued.count {
            queued.removeFirst(head)
            head = 0
        }
        product.isGone = true
        return product
    }

    mutating func leaveOut(_ product: OpenProduct) {
        for name in ["id:" + product.key, product.key] where byName[name] != nil { byName[name] = .leftOut }
    }

    mutating func takeAll() -> [OpenProduct] {
        let rest = Array(queued[head...])
        for product in rest { product.isGone = true }
        queued = []
        head = 0
        weight = 0
        return rest
    }
}
