import { texts } from '../texts'

export const words = texts(
  {
    product: 'IRIS Oculus',
    close: 'Close',
    cancel: 'Cancel',
    retry: 'Try again',
    loading: 'Loading…',
    notMedical: 'Not a medical device: not for diagnosis or treatment.',
  },
  {
    product: 'IRIS Oculus',
    close: 'Cerrar',
    cancel: 'Cancelar',
    retry: 'Reintentar',
    loading: 'Cargando…',
    notMedical: 'No es un producto sanitario: no sirve para diagnosticar ni tratar.',
  },
)
