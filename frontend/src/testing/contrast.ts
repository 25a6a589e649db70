/** Contrast of the theme's colours, reckoned from style.css: no browser is needed to judge it. */

type Rgb = readonly [number, number, number]

/** `--name: oklch(L C H);` of the rule with this selector. */
export function tokensOf(css: string, selector: string): Record<string, string> {
  const start = css.indexOf(`${selector} {`)
  if (start < 0) throw new Error(`style.css has no rule ${selector}`)
  const rule = css.slice(start, css.indexOf('}', start))
  return Object.fromEntries(
    [...rule.matchAll(/--([\w-]+):\s*(oklch\([^)]*\))/g)].map(([, name = '', value = '']) => [
      name,
      value,
    ]),
  )
}

/** Contrast ratio by WCAG 2.2, 1 to 21. */
export function contrastRatio(one: string, other: string): number {
  const [lighter, darker] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [
    number,
    number,
  ]
  return (lighter + 0.05) / (darker + 0.05)
}

function luminance(colour: string): number {
  const [red, green, blue] = linearSrgb(colour)
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/**
 * CSS Color 4's way from OKLCH to linear sRGB; what lies outside of the gamut is clipped, as it is
 * when a screen shows it.
 */
export function linearSrgb(colour: string): Rgb {
  const numbers = /^oklch\(([\d.]+) ([\d.]+) ([\d.]+)\)$/.exec(colour)
  if (numbers === null) throw new Error(`${colour} is not written as oklch(L C H)`)
  const [lightness, chroma, hue] = numbers.slice(1).map(Number) as [number, number, number]
  const a = chroma * Math.cos((hue * Math.PI) / 180)
  const b = chroma * Math.sin((hue * Math.PI) / 180)
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3
  return [
    inGamut(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    inGamut(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    inGamut(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ]
}

function inGamut(value: number): number {
  return Math.min(1, Math.max(0, value))
}
