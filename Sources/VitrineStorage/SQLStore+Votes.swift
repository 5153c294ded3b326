import GRDB
public import VitrineCore

extension SQLStore {
    /// See `JobStore.vote`.
    public func vote(_ votes: [Vote]) async throws(StoreError) {
        try await write { database in
            for vote in votes {
                let slots = try database.integer(
                    "SELECT count(DISTINCT slot) FROM video WHERE id IN (?1, ?2)",
                    vote.winner.rawValue,
                    vote.loser.rawValue
                )
                let videos = try database.integer(
                    "SELECT count(*) FROM video WHERE id IN (?1, ?2)",
                    vote.winner.rawValue,
                    vote.loser.rawValue
                )
                guard slots == 1, videos == 2 else {
                    throw StoreError(.conflict, "`\(vote.winner)` and `\(vote.loser)` are not two takes of one slot")
                }
                // A person may think again: the newest finding about two takes is the one that counts.
                try database.run(
                    "DELETE FROM vote WHERE winner = ?2 AND loser = ?1",
                    vote.winner.rawValue,
                    vote.loser.rawValue
                )
                try database.run(
                    """
                    INSERT INTO vote (winner, loser, at) VALUES (?1, ?2, ?3)
                    ON CONFLICT (winner, loser) DO UPDATE SET at = excluded.at
                    """,
                    vote.winner.rawValue,
                    vote.loser.rawValue,
                    vote.at.milliseconds
                )
            }
        }
    }

    /// See `JobStore.votes`.
    public func votes() async throws(StoreError) -> [Vote] {
        try await read { database in
            try database.rows("SELECT * FROM vote ORDER BY at, winner, loser").map { row in
                Vote(winner: VideoID(row.text("winner")), loser: VideoID(row.text("loser")), at: row.date("at"))
            }
        }
    }
}
