package sheet

import (
	"errors"
	"io"
	"strconv"

	"github.com/xuri/excelize/v2"

	"homecase/fault"
	"homecase/internal/intake/input"
)

// The limits of a workbook: excelize holds the packed file in memory and
// writes sheets larger than sheetInMemory to a temporary file while it reads.
const (
	maxWorkbook   = 24 << 20
	maxUnzipped   = 1 << 30
	sheetInMemory = 8 << 20
)

// xlsxReader reads the first sheet that has rows.
type xlsxReader struct {
	f     *excelize.File
	rows  *excelize.Rows
	line  int
	y1904 bool
	cells [][]byte
}

func newXLSX(in *input.Input, r io.Reader) (_ Rows, err error) {
	place := fault.Place{File: in.Name}
	if in.Size() > maxWorkbook {
		return nil, fault.New(fault.Invalid, "HC-INTAKE-24", "This workbook is larger than %d MB.", maxWorkbook>>20).At(place).Then("Save the sheet as CSV and use that.")
	}
	broken := func(cause error) error {
		return fault.New(fault.Invalid, "HC-INTAKE-25", "This workbook cannot be read: it is damaged, has a password or unpacks to more than %d MB.", maxUnzipped>>20).
			At(place).Then("Save the sheet as CSV and use that.").Because(cause)
	}
	defer func() { // the workbook library panics on some damaged files
		if p := recover(); p != nil {
			err = broken(errors.New("the workbook reader gave up"))
		}
	}()
	f, err := excelize.OpenReader(r, excelize.Options{RawCellValue: true, UnzipSizeLimit: maxUnzipped, UnzipXMLSizeLimit: sheetInMemory})
	if err != nil {
		return nil, broken(err)
	}
	for _, name := range f.GetSheetList() {
		rows, err := f.Rows(name)
		if err != nil {
			continue
		}
		if rows.Next() {
			rows.Close()
			if rows, err = f.Rows(name); err != nil {
				f.Close()
				return nil, broken(err)
			}
			x := &xlsxReader{f: f, rows: rows}
			if props, err := f.GetWorkbookProps(); err == nil && props.Date1904 != nil {
				x.y1904 = *props.Date1904
			}
			return x, nil
		}
		rows.Close()
	}
	f.Close()
	return nil, fault.New(fault.Invalid, "HC-INTAKE-20", "This workbook is empty.").At(place)
}

// Next returns the next row that has a cell.
func (x *xlsxReader) Next() (cells [][]byte, line int, err error) {
	defer func() {
		if p := recover(); p != nil {
			cells, line, err = nil, x.line, io.ErrUnexpectedEOF
		}
	}()
	for x.rows.Next() {
		x.line++
		texts, err := x.rows.Columns()
		if err != nil {
			return nil, x.line, io.ErrUnexpectedEOF
		}
		if len(texts) == 0 {
			continue
		}
		x.cells = x.cells[:0]
		for _, t := range texts[:min(len(texts), maxColumns)] {
			if x.y1904 {
				t = shift1904(t)
			}
			x.cells = append(x.cells, []byte(t))
		}
		return x.cells, x.line, nil
	}
	if x.rows.Error() != nil {
		return nil, x.line, io.ErrUnexpectedEOF
	}
	return nil, x.line, io.EOF
}

// shift1904 moves a number that can be a day from the calendar of old Macs,
// which begins on 1 January 1904, to the usual one.
func shift1904(t string) string {
	v, err := strconv.ParseFloat(t, 64)
	if err != nil || v < 20_000 || v > 110_000 {
		return t
	}
	return strconv.FormatFloat(v+1462, 'f', -1, 64)
}

func (x *xlsxReader) Serial() bool { return true }

// Close removes what was written to disk.
func (x *xlsxReader) Close() error {
	return errors.Join(x.rows.Close(), x.f.Close())
}
