package postgres

// Parse reads an address as Open does.
var Parse = parse

// Ordinary tells whether a server of this version is PostgreSQL itself.
var Ordinary = ordinary.MatchString
