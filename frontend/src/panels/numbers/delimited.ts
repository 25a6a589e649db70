/** Tables as text: CSV for files, tab-separated for the clipboard. */

export type Cell = string | number | null

/**
 * CSV by RFC 4180: CRLF, quotes where they are needed. Numbers keep the point and all of their
 * figures, since a program reads them. It begins with a byte order mark: without one, Excel takes
 * the file for the machine's old code page and garbles accents; pandas, R's readr and LibreOffice
 * skip it. (Programs that do not are served by the job's own `statistics.csv`, which has none.)
 */
export function csv(rows: readonly (readonly Cell[])[]): string {
  return '\uFEFF' + rows.map((row) => row.map(quoted).join(',') + '\r\n').join('')
}

/** What spreadsheets take from the clipboard into cells of their own. */
export function tabSeparated(rows: readonly (readonly Cell[])[]): string {
  return rows.map((row) => row.map((cell) => text(cell).replace(/\s+/g, ' ')).join('\t')).join('\n')
}

function text(cell: Cell): string {
  return cell === null ? '' : String(cell)
}

function quoted(cell: Cell): string {
  const plain = text(cell)
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain
}
