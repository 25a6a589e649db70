/** Both languages of one area side by side; a key that one of them lacks does not compile. */

type Same<English> = {
  readonly [Key in keyof English]: English[Key] extends string ? string : Same<English[Key]>
}

export interface Texts<English> {
  readonly en: English
  readonly es: Same<English>
}

/** An area's texts. The keys of Spanish are those of English, no more and no fewer. */
export function texts<const English extends object>(
  en: English,
  es: Same<NoInfer<English>>,
): Texts<English> {
  return { en, es }
}
