x = 'a' "b" r'\n' '''c'''
x = '\a\b\f\n\r\t\v\\\'\"\0\12\x41\u00e9\U0001F600\N{BULLET}'
x = '\ud800'
x = 'é' 'ÿ' '€' '😀'
x = u'u'
x = b'\x00\xff' b'abc' rb'\x'
x = """line
line"""
x = 'with\
continuation'
