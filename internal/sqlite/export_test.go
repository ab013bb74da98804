package sqlite

// NewestVersion is the version of the tables that migrations make.
var NewestVersion = newestVersion
