package trial

// Words lists the words a file may use; editors offer them.
func (Design) Words() []string {
	return []string{string(Rotate5), string(KOfM), string(Matched), string(AltWeek), string(Mixed), string(Start), string(Fixed), string(Grouped)}
}

// Words lists the words a file may use.
func (MeasureKind) Words() []string {
	return []string{string(Count), string(Duration), string(Rating), string(Share)}
}

// Words lists the words a file may use.
func (Better) Words() []string { return []string{string(Higher), string(Lower)} }

// Words lists the words a file may use.
func (Recorded) Words() []string { return []string{string(System), string(Self)} }
