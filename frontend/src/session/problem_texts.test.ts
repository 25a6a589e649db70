import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { describe, expect, test } from 'vitest'

import { problemText, warningText } from '../i18n/problem_texts'
import { errors } from '../i18n/texts/errors'
import { warnings } from '../i18n/texts/warnings'
import { PAGE_CODES } from './problem'

const REPOSITORY = '..' // from frontend/
const LAYERS = join(REPOSITORY, 'layers')
const WORKER = join(REPOSITORY, 'sagemaker')

function pythonSources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.py'))
    .map((name) => readFileSync(join(folder, name), 'utf8'))
}

function all(pattern: RegExp, source: string): string[] {
  return [...source.matchAll(pattern)].map(([, found = '']) => found)
}

/** Codes of the types of errors, and of what the gateway answers by itself. */
function errorCodes(): string[] {
  const types = readFileSync(join(LAYERS, 'iris_oculus/python/iris_oculus/errors.py'), 'utf8')
  const gateway = readFileSync(join(REPOSITORY, 'template.yaml'), 'utf8')
  return [
    ...all(/^ {4}code(?:: ClassVar\[str\])? = "(\w+)"/gm, types),
    ...all(/"error":\{"code":"(\w+)"/g, gateway),
  ]
}

/** First argument of every `JobWarning(…)`, also where it is a constant's name. */
function warningCodes(): string[] {
  const sources = [...pythonSources(LAYERS), ...pythonSources(WORKER)]
  const literal = sources.flatMap((source) => all(/JobWarning\(\s*"(\w+)"/g, source))
  const constants = sources.flatMap((source) => all(/JobWarning\(\s*([A-Z_]{2,})\b/g, source))
  const values = constants.map((name) => {
    const [value] = sources.flatMap((source) =>
      all(new RegExp(`^${name}(?:: [^=]+)? = "(\\w+)"`, 'gm'), source),
    )
    if (value === undefined) throw new Error(`No value of ${name} was found`)
    return value
  })
  return [...literal, ...values]
}

describe('errors', () => {
  test('of the API, its gateway and the page have a text each, and no text is left over', () => {
    const codes = [...errorCodes(), ...PAGE_CODES]
    expect(codes.length).toBeGreaterThan(50)
    expect(Object.keys(errors.en).sort()).toEqual([...new Set(codes)].sort())
  })

  test('that are new are told in the words of the API', () => {
    const words = { message: 'Something new.', hint: 'Do that.' }
    expect(problemText('brand_new', 'es', words)).toEqual({
      title: 'Something new.',
      hint: 'Do that.',
    })
    expect(problemText('job_not_found', 'es', words).title).toBe('Ese trabajo no existe')
  })
})

describe('warnings', () => {
  test('have a text each, and no text is left over', () => {
    const codes = warningCodes()
    expect(codes.length).toBeGreaterThan(10)
    expect(Object.keys(warnings.en).sort()).toEqual([...new Set(codes)].sort())
  })

  test('that are new are told in the words of the API', () => {
    expect(warningText('brand_new', 'es', 'Something new.')).toBe('Something new.')
    expect(warningText('gantry_tilt', 'es', 'x')).toContain('inclinación del gantry')
  })
})
