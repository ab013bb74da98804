package postgres

// Parse reads an address as Open does.
var Parse = parse
