/**
 * Doubts about a result, by code. Where the API's message holds more than the code says (numbers,
 * a structure's name), it is shown below. errors.test.ts fails where a code lacks its text.
 */

import { texts } from '../texts'

export const warnings = texts(
  {
    gpu_missing:
      'There is no GPU here: the scan was processed on the processor, which takes longer.',
    density_doubtful:
      'Nothing in the scan is as dark as fat or air: it may not be in Hounsfield units.',
    modality_unknown:
      'The scan does not say whether it is CT or MR; it was taken for what the task expects.',
    fast_unavailable: 'This task has one quality only: “fast” changes nothing.',
    mesh_missing: 'No surface could be made of a structure: it is too small.',
    mesh_not_closed: 'A structure’s surface is not closed, so that it encloses no volume.',
    retried: 'The machine was lost in the middle; the job ran once more.',
    not_hounsfield:
      'The intensities do not look like Hounsfield units of a body: the segmentation will not be reliable.',
    non_finite_voxels: 'Some voxels held no number and were replaced.',
    affine_conflict:
      'The file states its position in two ways that disagree; one of them was used.',
    orientation_unknown: 'The file does not say where left is: left and right may be exchanged.',
    several_series: 'The upload held several series; the one with the most slices was used.',
    gantry_tilt: 'The slices are tilted (gantry tilt); the geometry takes it into account.',
    repeated_slices: 'Some slices occur more than once.',
    lossy_compression: 'The images went through lossy compression: intensities are not exact.',
    padding_like_tissue:
      'The value that marks what lies outside of the scanned field may look like tissue there.',
  },
  {
    gpu_missing: 'Aquí no hay GPU: el estudio se ha procesado en el procesador, lo que tarda más.',
    density_doubtful:
      'Nada en el estudio es tan oscuro como la grasa o el aire: puede que no esté en unidades Hounsfield.',
    modality_unknown:
      'El estudio no indica si es TC o RM; se ha tomado por lo que espera la tarea.',
    fast_unavailable: 'Esta tarea tiene una sola calidad: «rápida» no cambia nada.',
    mesh_missing: 'No se ha podido generar la superficie de una estructura: es demasiado pequeña.',
    mesh_not_closed:
      'La superficie de una estructura no está cerrada, por lo que no encierra ningún volumen.',
    retried: 'La máquina se perdió a mitad del proceso; el trabajo se ha ejecutado otra vez.',
    not_hounsfield:
      'Las intensidades no parecen unidades Hounsfield de un cuerpo: la segmentación no será fiable.',
    non_finite_voxels: 'Algunos vóxeles no contenían ningún número y se han sustituido.',
    affine_conflict:
      'El archivo indica su posición de dos maneras que no coinciden; se ha usado una de ellas.',
    orientation_unknown:
      'El archivo no indica dónde está la izquierda: la izquierda y la derecha pueden estar intercambiadas.',
    several_series: 'El envío contenía varias series; se ha usado la que tiene más cortes.',
    gantry_tilt:
      'Los cortes están inclinados (inclinación del gantry); la geometría lo tiene en cuenta.',
    repeated_slices: 'Algunos cortes aparecen más de una vez.',
    lossy_compression:
      'Las imágenes pasaron por una compresión con pérdida: las intensidades no son exactas.',
    padding_like_tissue:
      'El valor que marca lo que queda fuera del campo explorado puede parecer tejido.',
  },
)
