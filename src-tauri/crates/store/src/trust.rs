//! Which folders the user trusts, and as what they were trusted.

use protocol::TrustedFolder;
use rusqlite::params;

use crate::Store;
use crate::encoding::{from_sql, to_sql};
use crate::error::StoreError;

impl Store {
    /// Keeps that a folder is trusted; what was said of its path before is
    /// replaced.
    ///
    /// # Errors
    /// When it cannot be made durable.
    pub async fn trust(&self, folder: &TrustedFolder) -> Result<(), StoreError> {
        let folder = folder.clone();
        self.call(move |database| {
            database
                .connection
                .prepare_cached(
                    "INSERT INTO trusted_folders (path, device, inode, at_ms) VALUES (?1, ?2, ?3, ?4)
                     ON CONFLICT (path) DO UPDATE SET device = ?2, inode = ?3, at_ms = ?4",
                )?
                .execute(params![
                    folder.path,
                    folder.device.cast_signed(),
                    folder.inode.cast_signed(),
                    to_sql(folder.at_ms),
                ])?;
            Ok(())
        })
        .await
    }

    /// Forgets a folder; false when it was not trusted.
    ///
    /// # Errors
    /// When it cannot be made durable.
    pub async fn revoke_trust(&self, path: &str) -> Result<bool, StoreError> {
        let path = path.to_owned();
        self.call(move |database| {
            let removed = database
                .connection
                .prepare_cached("DELETE FROM trusted_folders WHERE path = ?1")?
                .execute([path])?;
            Ok(removed > 0)
        })
        .await
    }

    /// All trusted folders, by their paths.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn trusted(&self) -> Result<Vec<TrustedFolder>, StoreError> {
        self.call(|database| {
            let mut query = database.connection.prepare_cached(
                "SELECT path, device, inode, at_ms FROM trusted_folders ORDER BY path",
            )?;
            let rows = query.query_map([], |row| {
                Ok(TrustedFolder {
                    path: row.get(0)?,
                    device: row.get::<_, i64>(1)?.cast_unsigned(),
                    inode: row.get::<_, i64>(2)?.cast_unsigned(),
                    at_ms: from_sql(row.get(3)?),
                })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
        .await
    }
}
