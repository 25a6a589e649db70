/** The part of the package that is used here; it comes without types. */
declare module '@niivue/dcm2niix' {
  interface Run {
    /** Compression: `n` for none. */
    z: (mode: 'n') => Run
    /** JSON beside the image. */
    b: (mode: 'n') => Run
    /** Name of the output without its extension. */
    f: (name: string) => Run
    run: () => Promise<File[]>
  }

  export class Dcm2niix {
    readonly worker: Worker | null
    init: () => Promise<boolean>
    input: (files: readonly File[]) => Run
  }
}
